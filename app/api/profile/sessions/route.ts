import { z } from "zod";
import { listOf, PageQuery } from "@/lib/base/page";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { endOtherSessions, listSessions } from "@/lib/sessions/sessions";
import { SessionView } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "personal",
      summary: "List your signed-in devices",
      tags: ["Account"],
      query: PageQuery,
      response: listOf(SessionView),
    },
    listSessions,
  ),
  DELETE: sessionRoute(
    {
      permission: "personal",
      summary: "End all your other sessions",
      tags: ["Account"],
      response: z.object({ ended: z.int() }),
    },
    endOtherSessions,
  ),
});
