import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { TokenId } from "@/lib/tokens/schema";
import { revokeToken } from "@/lib/tokens/tokens";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  DELETE: sessionRoute(
    {
      permission: "tokens.write",
      summary: "Revoke an API token",
      description: "It is refused from the next request on and stays in the list. Revoking it again changes nothing.",
      tags: ["Tokens"],
      params: TokenId,
      response: null,
      status: 204,
      errors: [403, 404],
    },
    revokeToken,
  ),
});
