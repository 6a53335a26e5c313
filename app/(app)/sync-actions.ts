"use server";
import { z } from "zod";
import { pageLocale } from "@/i18n/page-locale";
import { sentenceIn } from "@/i18n/sentences";
import { maybePageViewer } from "@/lib/access/page-viewer";
import { can } from "@/lib/access/permissions";
import { action } from "@/lib/action";
import { Id } from "@/lib/base/id";
import { getSyncRun, type RunView, requestSync } from "@/lib/sync/runs";

export const requestSyncAction = action("sync.request", z.strictObject({ key_id: Id.optional() }), requestSync);

/** How far a run has come, its errors in the page's language; null when the viewer may not see it or is signed out. */
export async function getSyncRunAction(runId: number): Promise<RunView | null> {
  const viewer = await maybePageViewer();
  const id = Id.safeParse(runId);
  const run =
    viewer && can(viewer, "keys.read") && id.success
      ? await getSyncRun(viewer, { run_id: id.data }).catch(() => null)
      : null;
  if (!run) return null;
  const locale = await pageLocale();
  return { ...run, errors: run.errors.map((error) => ({ ...error, detail: sentenceIn(locale, error.detail) })) };
}
