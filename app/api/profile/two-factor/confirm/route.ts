import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { RecoveryCodes, TotpCode } from "@/lib/users/schema";
import { enableTwoFactor } from "@/lib/users/two-factor";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: sessionRoute(
    {
      permission: "personal",
      summary: "Turn the authenticator app on with a first code of it",
      description: "The recovery codes are shown this once.",
      tags: ["Account"],
      body: TotpCode,
      response: RecoveryCodes,
      errors: [400, 429],
    },
    enableTwoFactor,
  ),
});
