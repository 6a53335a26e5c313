import { z } from "zod";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { endSession } from "@/lib/sessions/sessions";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: sessionRoute(
    {
      permission: "personal",
      summary: "End the session of this token",
      tags: ["Account"],
      response: z.object({ message: z.string() }),
    },
    endSession,
  ),
});
