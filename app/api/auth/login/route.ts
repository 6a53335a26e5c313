import { z } from "zod";
import { deviceOf } from "@/lib/auth/device";
import { methods } from "@/lib/http/methods";
import { publicRoute } from "@/lib/route";
import { loginProgram } from "@/lib/users/login";
import { Login } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: publicRoute(
    {
      summary: "Sign in and get a session token",
      description:
        "With a second factor set up, send `code` too: six digits of the authenticator app, or a recovery code.",
      tags: ["Account"],
      body: Login,
      response: z.object({ access_token: z.string(), token_type: z.literal("bearer"), expires_in: z.int() }),
      errors: [401, 429],
    },
    (request, input) => loginProgram(deviceOf(request.headers), input),
  ),
});
