import "server-only";
import { db, sql } from "@/db/client";
import { queueRun } from "@/lib/sync/runs";

/** Queues a sync for every team that has a key to sync and no scheduled run still open. Answers the runs. */
export async function queueAllTeams(): Promise<number[]> {
  const teams = await sql()<{ id: number }[]>`
    select t.id from teams t
    where exists (select 1 from api_keys k where k.team_id = t.id and k.is_active)
      and not exists (select 1 from sync_runs r where r.team_id = t.id and r.finished_at is null and r.trigger = 'schedule')
    order by t.id`;
  const runs: number[] = [];
  for (const team of teams) {
    const run = await db().transaction((tx) =>
      queueRun(tx, { teamId: team.id, trigger: "schedule", requestedBy: null, keyId: null }),
    );
    if (run !== null) runs.push(run);
  }
  return runs;
}

/** Runs that nobody has finished for an hour: their event, or the process that had it, was lost. */
export async function findForgottenRuns(): Promise<number[]> {
  const rows = await sql()<{ id: number }[]>`
    select r.id from sync_runs r
    where r.finished_at is null and coalesce(
      (select max(k.finished_at) from sync_run_keys k where k.run_id = r.id), r.started_at, r.created_at) < now() - interval '1 hour'
    order by r.id limit 1000`;
  return rows.map((row) => row.id);
}
