import { deviceOf } from "@/lib/auth/device";
import { methods } from "@/lib/http/methods";
import { publicRoute } from "@/lib/route";
import { resetPassword } from "@/lib/users/reset-password";
import { ResetPassword } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: publicRoute(
    {
      permission: "public",
      summary: "Set a new password by the token that was mailed, and end every session",
      tags: ["Account"],
      body: ResetPassword,
      response: null,
      status: 204,
      errors: [400, 429],
    },
    (request, input) => resetPassword(deviceOf(request.headers), input),
  ),
});
