import { deviceOf } from "@/lib/auth/device";
import { methods } from "@/lib/http/methods";
import { publicRoute } from "@/lib/route";
import { loginProgram } from "@/lib/sign-in/login";
import { Login, ProgramToken } from "@/lib/sign-in/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: publicRoute(
    {
      permission: "public",
      summary: "Sign in and get a session token",
      description:
        "With a second factor set up, send `code` too (six digits of the authenticator app, or a recovery code), or `passkey`: the answer to a challenge of `/api/auth/passkey/options`.",
      tags: ["Account"],
      body: Login,
      response: ProgramToken,
      errors: [401, 429],
    },
    (request, input) => loginProgram(deviceOf(request.headers), input),
  ),
});
