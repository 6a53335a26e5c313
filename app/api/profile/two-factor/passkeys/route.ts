import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { requirePasskey, requirePasskeyNoLonger } from "@/lib/users/passkey-factor";
import { Password, RecoveryCodes } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: sessionRoute(
    {
      permission: "personal",
      summary: "Ask for a passkey after the password",
      description: "Gives recovery codes, this once; an empty list when there are some already.",
      tags: ["Account"],
      body: Password,
      response: RecoveryCodes,
      errors: [400, 429],
    },
    requirePasskey,
  ),
  DELETE: sessionRoute(
    {
      permission: "personal",
      summary: "Ask for a passkey no longer",
      tags: ["Account"],
      body: Password,
      response: null,
      status: 204,
      errors: [400, 429],
    },
    requirePasskeyNoLonger,
  ),
});
