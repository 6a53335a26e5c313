import "server-only";
import { sql } from "@/db/client";
import { log } from "@/lib/base/log";
import { maskKeys } from "@/lib/base/mask";
import { wellFormed } from "@/lib/base/text";
import { attempt, finishUnit, nextUnits, tracked } from "./worker";

/** A part of a run that can be worked on by itself; parts of one `account` share OpenRouter's limits. */
export type RunUnit = { run_id: number; api_key_id: number; account: number };

const NOT_HANDED_ON = "The sync could not be handed on to Inngest; the server's log says why";

/** Starts a run and says what is to be done, for a queue outside that works on each unit by itself. None when the run is over. */
export async function planUnits(runId: number): Promise<RunUnit[]> {
  const [run] = await sql()`
    update sync_runs set status = 'running', started_at = coalesce(started_at, now())
    where id = ${runId} and finished_at is null returning id`;
  if (!run) return [];
  const ids = await nextUnits(runId);
  if (ids.length === 0) await finishWhenDone(runId);
  const rows = await sql()<{ id: number; account: number }[]>`
    select id, coalesce(management_key_id, id) as account from api_keys where id = any(${ids}::int[]) order by id`;
  return rows.map(({ id, account }) => ({ run_id: runId, api_key_id: id, account }));
}

/** Works on one unit and notes how it went. Throws OpenRouter's passing failures, so that the queue tries again later; doing it again changes no sum. */
export async function workUnit({ run_id: runId, api_key_id: keyId }: RunUnit): Promise<string> {
  const result = await tracked((signal) => attempt(runId, keyId, signal));
  if (result.cause?.isPassing) throw result.cause;
  await finishUnit(runId, keyId, result);
  await finishWhenDone(runId);
  return result.error ?? `${result.outcome?.rowsWritten ?? 0} rows written`;
}

/** Notes a unit that was given up. */
export async function failUnit({ run_id: runId, api_key_id: keyId }: RunUnit, detail: string): Promise<void> {
  await finishUnit(runId, keyId, { outcome: null, error: maskKeys(wellFormed(detail)) });
  await finishWhenDone(runId);
}

/** Closes a run whose units could not be found or handed on: what nobody has ended has failed. */
export async function failRun(runId: number, error: Error): Promise<void> {
  log().error({ err: error, runId }, "A sync run was given up");
  await sql()`
    update sync_run_keys set status = 'failed', detail = ${NOT_HANDED_ON}, finished_at = now()
    where run_id = ${runId} and status in ('queued', 'running')`;
  await finishWhenDone(runId);
}

/** Closes the run after its last unit; keys that their management key spoke for need no unit of their own. */
async function finishWhenDone(runId: number): Promise<void> {
  await sql()`
    update sync_runs r set finished_at = now(), status = case
      when not exists (select 1 from sync_run_keys k where k.run_id = r.id and k.detail is not null) then 'succeeded'
      when exists (select 1 from sync_run_keys k where k.run_id = r.id and k.status = 'succeeded') then 'partial'
      else 'failed' end
    where r.id = ${runId} and r.finished_at is null and not exists (
      select 1 from sync_run_keys k join api_keys a on a.id = k.api_key_id
      where k.run_id = r.id and k.status in ('queued', 'running') and not exists (
        select 1 from sync_run_keys done join api_keys m on m.id = done.api_key_id
        where done.run_id = r.id and done.status in ('succeeded', 'failed') and m.kind = 'management'
          and coalesce(m.management_key_id, m.id) = a.management_key_id))`;
}
