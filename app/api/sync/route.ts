import { listOf, PageQuery } from "@/lib/base/page";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { listSyncRuns, requestSync } from "@/lib/sync/runs";
import { SyncRequest, SyncRun, SyncStarted } from "@/lib/sync/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "keys.read",
      summary: "List sync runs, newest first",
      tags: ["Sync"],
      query: PageQuery,
      response: listOf(SyncRun),
    },
    listSyncRuns,
  ),
  POST: sessionRoute(
    {
      permission: "sync.request",
      summary: "Start a sync of all keys, or of one",
      tags: ["Sync"],
      body: SyncRequest,
      response: SyncStarted,
      status: 202,
      errors: [403, 404, 409],
    },
    requestSync,
  ),
});
