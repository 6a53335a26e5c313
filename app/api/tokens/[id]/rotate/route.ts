import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { NewToken, TokenId } from "@/lib/tokens/schema";
import { rotateToken } from "@/lib/tokens/tokens";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: sessionRoute(
    {
      permission: "tokens.write",
      summary: "Give an API token a new secret",
      description: "The old secret is refused at once. Name, scopes and expiry stay.",
      tags: ["Tokens"],
      params: TokenId,
      response: NewToken,
      errors: [403, 404, 409],
    },
    rotateToken,
  ),
});
