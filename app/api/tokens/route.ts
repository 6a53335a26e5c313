import { listOf, PageQuery } from "@/lib/base/page";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { CreateToken, NewToken, TokenView } from "@/lib/tokens/schema";
import { createToken, listTokens } from "@/lib/tokens/tokens";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "tokens.read",
      summary: "List the team's API tokens, newest first, revoked ones too",
      tags: ["Tokens"],
      query: PageQuery,
      response: listOf(TokenView),
    },
    listTokens,
  ),
  POST: sessionRoute(
    {
      permission: "tokens.write",
      summary: "Create an API token",
      description: "The token itself is in this answer and nowhere else.",
      tags: ["Tokens"],
      body: CreateToken,
      response: NewToken,
      status: 201,
      errors: [400, 403],
    },
    createToken,
  ),
});
