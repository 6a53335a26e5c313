import "server-only";
import { makeDailyBackup } from "@/lib/backup/daily-backup";
import { env } from "@/lib/base/env";
import { refreshModels } from "@/lib/models/refresh";
import { dispatchRun } from "@/lib/sync/dispatch-run";
import { cleanUp } from "./clean-up";
import { queueAllTeams } from "./sync-all";
import { validateKeys } from "./validate-keys";

export type Job = { name: string; cron: string; work: () => Promise<string> };

export const SYNC_JOB = "sync usage";

/** The background jobs and when they are due (UTC). The same functions run under Inngest and on the in-process schedule. */
export function backgroundJobs(): Job[] {
  return [
    { name: SYNC_JOB, cron: everyMinutes(env().SYNC_INTERVAL_MINUTES), work: syncAll },
    { name: "refresh models", cron: "0 1 * * *", work: refreshModels },
    { name: "validate keys", cron: "0 2 * * *", work: validateKeys },
    { name: "clean up", cron: "0 3 * * 0", work: cleanUp },
    // Somebody else's database has somebody else's backups.
    ...(env().EMBEDDED_DATABASE ? [{ name: "backup", cron: "0 4 * * *", work: () => makeDailyBackup() }] : []),
  ];
}

async function syncAll(): Promise<string> {
  const runs = await queueAllTeams();
  for (const run of runs) await dispatchRun(run);
  return `${runs.length} teams queued`;
}

/** Cron knows minutes of an hour and hours of a day; an interval in between becomes the nearest that fits. */
export function everyMinutes(minutes: number): string {
  if (minutes < 60) return `*/${minutes} * * * *`;
  const hours = Math.min(23, Math.round(minutes / 60));
  return minutes >= 1440 ? "0 0 * * *" : `0 */${hours} * * *`;
}
