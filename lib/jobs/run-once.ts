import "server-only";
import { sql } from "@/db/client";
import { log } from "@/lib/log";

/** A run that is "running" for longer than this was left behind by a process that died. */
const ABANDONED = "6 hours";

/**
 * Does a job for a planned moment, as the only one in all processes: the unique pair of job and moment decides who. What it answers, or why it failed, is kept. Never throws.
 */
export async function runOnce(job: string, scheduledFor: Date, work: () => Promise<string>): Promise<void> {
  try {
    const [run] = await sql()<{ id: number }[]>`
      insert into job_runs (job, scheduled_for) values (${job}, ${scheduledFor.toISOString()})
      on conflict on constraint job_runs_once do nothing returning id`;
    if (!run) return;
    const result = await work().then(
      (detail) => ({ status: "succeeded", detail }),
      (error: unknown) => {
        log().error({ err: error, job }, "A job failed");
        return { status: "failed", detail: error instanceof Error ? error.message : String(error) };
      },
    );
    await sql()`update job_runs set status = ${result.status}, detail = ${result.detail}, finished_at = now() where id = ${run.id}`;
    log().info({ job, ...result }, "A job ended");
  } catch (error) {
    log().error({ err: error, job }, "A job could not be recorded");
  }
}

/** Marks runs whose process died. */
export async function closeAbandonedRuns(): Promise<void> {
  await sql()`
    update job_runs set status = 'failed', detail = 'The process stopped before the job ended', finished_at = now()
    where status = 'running' and started_at < now() - ${ABANDONED}::interval`;
}
