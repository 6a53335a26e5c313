import { z } from "zod";
import { deviceOf } from "@/lib/auth/device";
import { methods } from "@/lib/http/methods";
import { publicRoute } from "@/lib/route";
import { requestReset } from "@/lib/users/reset-password";
import { ForgotPassword } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: publicRoute(
    {
      permission: "public",
      summary: "Ask for a link that sets a new password",
      description:
        "The answer is the same for every address. The link that is mailed to a known one works once, within 30 minutes; the token in it is what `/api/auth/reset-password` takes.",
      tags: ["Account"],
      body: ForgotPassword,
      response: z.object({ message: z.string() }),
      status: 202,
      errors: [429],
    },
    (request, input) => requestReset(deviceOf(request.headers), input),
  ),
});
