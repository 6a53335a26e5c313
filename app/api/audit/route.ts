import { listEvents } from "@/lib/audit/events";
import { AuditList, AuditQuery } from "@/lib/audit/schema";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "audit.read",
      summary: "What happened in the team, newest first",
      description: "Sign-ins and refused ones too. Entries are only ever added; secrets are never in them.",
      tags: ["Account"],
      query: AuditQuery,
      response: AuditList,
    },
    listEvents,
  ),
});
