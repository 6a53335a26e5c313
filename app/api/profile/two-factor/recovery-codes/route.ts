import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { Password, RecoveryCodes } from "@/lib/users/schema";
import { renewRecoveryCodes } from "@/lib/users/two-factor";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: sessionRoute(
    {
      permission: "personal",
      summary: "Make new recovery codes; the present ones stop working",
      description: "They are shown this once.",
      tags: ["Account"],
      body: Password,
      response: RecoveryCodes,
      errors: [400, 429],
    },
    renewRecoveryCodes,
  ),
});
