import { deviceOf } from "@/lib/auth/device";
import { methods } from "@/lib/http/methods";
import { publicRoute } from "@/lib/route";
import { signInProgramByPasskey } from "@/lib/sign-in/passkey-sign-in";
import { PasskeyLogin, ProgramToken } from "@/lib/sign-in/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: publicRoute(
    {
      permission: "public",
      summary: "Sign in by a passkey and get a session token",
      tags: ["Account"],
      body: PasskeyLogin,
      response: ProgramToken,
      errors: [401, 429],
    },
    (request, input) => signInProgramByPasskey(deviceOf(request.headers), input),
  ),
});
