import { z } from "zod";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { changePassword } from "@/lib/users/change-password";
import { ChangePassword } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: sessionRoute(
    {
      permission: "personal",
      summary: "Change your password and end all other sessions",
      tags: ["Account"],
      body: ChangePassword,
      response: z.object({ message: z.string(), sessions_ended: z.int() }),
      errors: [400, 429],
    },
    changePassword,
  ),
});
