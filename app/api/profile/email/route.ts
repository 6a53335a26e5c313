import { z } from "zod";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { requestEmailChange } from "@/lib/users/change-email";
import { ChangeEmail } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: sessionRoute(
    {
      permission: "personal",
      summary: "Ask for another e-mail address",
      description:
        "Mails a link to the new address; the present one stays until its token is sent to `/api/auth/confirm-email`.",
      tags: ["Account"],
      body: ChangeEmail,
      response: z.object({ message: z.string() }),
      status: 202,
      errors: [400, 429],
    },
    requestEmailChange,
  ),
});
