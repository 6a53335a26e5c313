import { deviceOf } from "@/lib/auth/device";
import { methods } from "@/lib/http/methods";
import { publicRoute } from "@/lib/route";
import { confirmEmailChange } from "@/lib/users/change-email";
import { ConfirmEmail } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: publicRoute(
    {
      permission: "public",
      summary: "Confirm a new e-mail address by the token that was mailed to it",
      tags: ["Account"],
      body: ConfirmEmail,
      response: null,
      status: 204,
      errors: [400, 429],
    },
    (request, input) => confirmEmailChange(deviceOf(request.headers), input),
  ),
});
