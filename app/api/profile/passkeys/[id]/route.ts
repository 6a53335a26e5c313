import { methods } from "@/lib/http/methods";
import { removePasskey, renamePasskey } from "@/lib/passkeys/passkeys";
import { PasskeyId, PasskeyName, PasskeyView } from "@/lib/passkeys/schema";
import { sessionRoute } from "@/lib/route";
import { Confirmation } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  PATCH: sessionRoute(
    {
      permission: "personal",
      summary: "Give one of your passkeys another name",
      tags: ["Account"],
      params: PasskeyId,
      body: PasskeyName,
      response: PasskeyView,
    },
    renamePasskey,
  ),
  DELETE: sessionRoute(
    {
      permission: "personal",
      summary: "Remove one of your passkeys",
      description:
        "`password` may be left out by people who have none and signed in within the last 15 minutes. With the last passkey it stops being a second factor.",
      tags: ["Account"],
      params: PasskeyId,
      body: Confirmation,
      response: null,
      status: 204,
      errors: [400, 429],
    },
    removePasskey,
  ),
});
