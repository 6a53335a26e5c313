import "server-only";
import type { Viewer } from "@/lib/access/viewer";
import { listSyncRuns, type RunView } from "./runs";

/** The team's run that is under way, so that a page opened meanwhile shows its progress. */
export async function findOpenRun(viewer: Viewer): Promise<RunView | null> {
  const { items } = await listSyncRuns(viewer, { page: 1, limit: 1 });
  return items.find((run) => run.finished_at === null) ?? null;
}
