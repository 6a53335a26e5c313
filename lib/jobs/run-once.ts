import "server-only";
import { sql } from "@/db/client";
import { log } from "@/lib/base/log";
import { maskKeys } from "@/lib/base/mask";
import { wellFormed } from "@/lib/base/text";

/** A run that is "running" for longer than this was left behind by a process that died. */
const ABANDONED = "6 hours";

/** Answers in words what it did. */
type Work = () => Promise<string>;

/**
 * Does a job for a planned moment, as the only one in all processes: the unique pair of job and moment decides who. What it answers, or why it failed, is kept. Never throws.
 */
export async function runOnce(job: string, scheduledFor: Date, work: Work): Promise<void> {
  try {
    const [run] = await sql()<{ id: number }[]>`
      insert into job_runs (job, scheduled_for) values (${job}, ${scheduledFor.toISOString()})
      on conflict on constraint job_runs_once do nothing returning id`;
    if (run) await record(run.id, job, work).catch(() => undefined);
  } catch (error) {
    log().error({ err: error, job }, "A job could not be recorded");
  }
}

/** The same for a queue outside that makes sure of the one and tries again what failed: throws what the job throws, and leaves alone what has succeeded. */
export async function runRecorded(job: string, scheduledFor: Date, work: Work): Promise<string> {
  const [run] = await sql()<{ id: number }[]>`
    insert into job_runs as r (job, scheduled_for) values (${job}, ${scheduledFor.toISOString()})
    on conflict on constraint job_runs_once do update set status = 'running', detail = null, started_at = now(), finished_at = null
    where r.status <> 'succeeded' returning id`;
  return run ? record(run.id, job, work) : "done already";
}

/** Notes that a queue outside gave a job up, also what no attempt could note: that its process died, or that what it queued was not taken. */
export async function recordGivenUp(job: string, scheduledFor: Date, detail: string): Promise<void> {
  log().error({ job, detail }, "A job was given up");
  const told = toldOf(detail);
  await sql()`
    insert into job_runs (job, scheduled_for, status, detail, finished_at)
    values (${job}, ${scheduledFor.toISOString()}, 'failed', ${told}, now())
    on conflict on constraint job_runs_once do update set status = 'failed', detail = excluded.detail, finished_at = now()`;
}

/** What failed may be told in anybody's words. */
const toldOf = (detail: string): string => maskKeys(wellFormed(detail));

async function record(id: number, job: string, work: Work): Promise<string> {
  try {
    const detail = await work();
    await close(id, job, "succeeded", detail);
    return detail;
  } catch (error) {
    log().error({ err: error, job }, "A job failed");
    await close(id, job, "failed", error instanceof Error ? error.message : String(error));
    throw error;
  }
}

async function close(id: number, job: string, status: "succeeded" | "failed", detail: string): Promise<void> {
  await sql()`update job_runs set status = ${status}, detail = ${toldOf(detail)}, finished_at = now() where id = ${id}`;
  log().info({ job, status, detail }, "A job ended");
}

/** Marks runs whose process died. */
export async function closeAbandonedRuns(): Promise<void> {
  await sql()`
    update job_runs set status = 'failed', detail = 'The process stopped before the job ended', finished_at = now()
    where status = 'running' and started_at < now() - ${ABANDONED}::interval`;
}
