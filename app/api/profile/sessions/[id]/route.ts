import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { endSessionById } from "@/lib/sessions/sessions";
import { SessionId } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  DELETE: sessionRoute(
    {
      permission: "personal",
      summary: "End one of your sessions",
      tags: ["Account"],
      params: SessionId,
      response: null,
      status: 204,
    },
    endSessionById,
  ),
});
