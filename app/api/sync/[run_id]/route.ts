import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { getSyncRun } from "@/lib/sync/runs";
import { SyncRun, SyncRunId } from "@/lib/sync/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "keys.read",
      summary: "How far a sync run has come",
      tags: ["Sync"],
      params: SyncRunId,
      response: SyncRun,
    },
    getSyncRun,
  ),
});
