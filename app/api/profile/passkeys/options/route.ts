import { methods } from "@/lib/http/methods";
import { beginPasskey } from "@/lib/passkeys/register";
import { CreationOptions } from "@/lib/passkeys/webauthn";
import { sessionRoute } from "@/lib/route";
import { Confirmation } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: sessionRoute(
    {
      permission: "personal",
      summary: "Get a challenge for a new passkey",
      description:
        "Send the answer to `POST /api/profile/passkeys` within five minutes. `password` may be left out by people who have none and signed in within the last 15 minutes.",
      tags: ["Account"],
      body: Confirmation,
      response: CreationOptions,
      errors: [400, 429],
    },
    beginPasskey,
  ),
});
