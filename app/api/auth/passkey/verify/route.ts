import { deviceOf } from "@/lib/auth/device";
import { methods } from "@/lib/http/methods";
import { PasskeyLogin } from "@/lib/passkeys/schema";
import { signInProgramByPasskey } from "@/lib/passkeys/sign-in";
import { publicRoute } from "@/lib/route";
import { ProgramToken } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: publicRoute(
    {
      summary: "Sign in by a passkey and get a session token",
      tags: ["Account"],
      body: PasskeyLogin,
      response: ProgramToken,
      errors: [401, 429],
    },
    (request, input) => signInProgramByPasskey(deviceOf(request.headers), input),
  ),
});
