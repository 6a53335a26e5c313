import { z } from "zod";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { Password, TwoFactorView } from "@/lib/users/schema";
import { beginTwoFactor, disableTwoFactor, readTwoFactor } from "@/lib/users/two-factor";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    { permission: "personal", summary: "Read your second factor", tags: ["Account"], response: TwoFactorView },
    readTwoFactor,
  ),
  POST: sessionRoute(
    {
      permission: "personal",
      summary: "Begin to set up an authenticator app",
      description:
        "Nothing is asked for at sign-in until a first code was sent to `/api/profile/two-factor/confirm`. `secret` is base32; `qr` is a picture of it as a data URL.",
      tags: ["Account"],
      body: Password,
      response: z.object({ secret: z.string(), qr: z.string() }),
      errors: [400, 429],
    },
    beginTwoFactor,
  ),
  DELETE: sessionRoute(
    {
      permission: "personal",
      summary: "Turn the authenticator app off",
      tags: ["Account"],
      body: Password,
      response: null,
      status: 204,
      errors: [400, 429],
    },
    disableTwoFactor,
  ),
});
