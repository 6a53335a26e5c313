import { methods } from "@/lib/http/methods";
import { disconnectIdentity } from "@/lib/identities/identities";
import { Service } from "@/lib/identities/schema";
import { sessionRoute } from "@/lib/route";
import { Confirmation } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  DELETE: sessionRoute(
    {
      permission: "personal",
      summary: "Disconnect a service from your account",
      description: "`password` may be left out by people who have none and signed in within the last 15 minutes.",
      tags: ["Account"],
      params: Service,
      body: Confirmation,
      response: null,
      status: 204,
      errors: [400, 429],
    },
    disconnectIdentity,
  ),
});
