import { deviceOf } from "@/lib/auth/device";
import { methods } from "@/lib/http/methods";
import { RequestOptions } from "@/lib/passkeys/webauthn";
import { publicRoute } from "@/lib/route";
import { askPasskey, askSecondPasskey } from "@/lib/sign-in/passkey-sign-in";
import { AskPasskey } from "@/lib/sign-in/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: publicRoute(
    {
      permission: "public",
      summary: "Get a challenge for a passkey",
      description:
        "Without e-mail and password: for signing in by the passkey alone, at `/api/auth/passkey/verify`. With both: for its use as the second factor, as `passkey` of `/api/auth/login`. It can be answered once, within five minutes.",
      tags: ["Account"],
      body: AskPasskey,
      response: RequestOptions,
      errors: [400, 401, 429],
    },
    (request, { email, password }) => {
      const device = deviceOf(request.headers);
      return email === undefined || password === undefined
        ? askPasskey(device)
        : askSecondPasskey(device, { email, password });
    },
  ),
});
