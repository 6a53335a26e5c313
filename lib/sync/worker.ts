import "server-only";
import { sql } from "@/db/client";
import { isDatabaseGone } from "@/lib/errors";
import { log } from "@/lib/log";
import { concurrently } from "./concurrently";
import { withLease } from "./lease";
import { syncKey, type UnitResult } from "./run-unit";

/** Keys of one run that are synced at once. */
const WIDTH = 4;

/** Next bundles a module several times; who stops the process must reach the runs that any of them started. */
const holder = globalThis as typeof globalThis & {
  __syncRuns?: { underWay: Set<Promise<unknown>>; stopping: AbortController };
};
holder.__syncRuns ??= { underWay: new Set(), stopping: new AbortController() };
const state = holder.__syncRuns;

/** Starts a queued run in the background of this process. A run that somebody already works on is left to them. */
export function startRun(runId: number): void {
  if (state.stopping.signal.aborted) return;
  tracked((signal) => workRun(runId, signal)).catch((error: unknown) => {
    if (!state.stopping.signal.aborted)
      log().error({ err: error, runId }, "A sync run was interrupted; it will be resumed");
  });
}

/** Does work that `stopRuns` breaks off and waits for. */
export function tracked<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  state.stopping.signal.throwIfAborted();
  const done = work(state.stopping.signal);
  const settled: Promise<unknown> = done.then(
    () => state.underWay.delete(settled),
    () => state.underWay.delete(settled),
  );
  state.underWay.add(settled);
  return done;
}

/** Takes up runs that were queued, or left behind by a process that died. */
export async function resumeRuns(): Promise<void> {
  const runs = await sql()<{ id: number }[]>`select id from sync_runs where finished_at is null order by id limit 100`;
  for (const run of runs) startRun(run.id);
}

/** Waits until every run of this process has ended. */
export async function settleRuns(): Promise<void> {
  while (state.underWay.size > 0) await Promise.all(state.underWay);
}

/** Breaks off all runs of this process between two steps and gives their leases back; what is left is resumed by the next process. */
export async function stopRuns(): Promise<void> {
  state.stopping.abort(new Error("The process is stopping"));
  await settleRuns();
}

/** For tests that stop and go on in one process. */
export const allowRuns = (): void => {
  state.stopping = new AbortController();
};

/** Works through a run's keys; a no-op when another process holds it. */
export async function workRun(runId: number, stop?: AbortSignal): Promise<void> {
  await withLease(
    `run:${runId}`,
    async (signal) => {
      await sql()`update sync_runs set status = 'running', started_at = coalesce(started_at, now()) where id = ${runId} and finished_at is null`;
      await concurrently(await nextUnits(runId), WIDTH, async (keyId) =>
        finishUnit(runId, keyId, await attempt(keyId, signal)),
      );
      await finishRun(runId);
    },
    { wait: false, ...(stop && { signal: stop }) },
  );
}

/** A fault of ours with one key is told as such and does not stop the others; a database that is away stops the run until it is back. */
export async function attempt(keyId: number, signal: AbortSignal): Promise<UnitResult> {
  try {
    return await syncKey(keyId, { signal });
  } catch (error) {
    if (signal.aborted || isDatabaseGone(error)) throw error;
    log().error({ err: error, apiKeyId: keyId }, "A key could not be synced");
    return { outcome: null, error: "Something went wrong here while this key was synced; the log says more" };
  }
}

/** The keys to ask by themselves: keys of an account whose management key is in the run too are done by that one. */
export async function nextUnits(runId: number): Promise<number[]> {
  const rows = await sql()<{ api_key_id: number }[]>`
    update sync_run_keys rk set status = 'running'
    from api_keys k
    where rk.run_id = ${runId} and k.id = rk.api_key_id and rk.status in ('queued', 'running')
      and not exists (
        select 1 from sync_run_keys other join api_keys m on m.id = other.api_key_id
        where other.run_id = ${runId} and m.id = k.management_key_id and m.is_active
          and other.status in ('queued', 'running') and m.status <> 'invalid')
    returning rk.api_key_id`;
  return rows.map((row) => row.api_key_id);
}

/** Notes what a unit did: for an account, on each of its keys. */
export async function finishUnit(runId: number, keyId: number, { outcome, error }: UnitResult): Promise<void> {
  const failures = [...(outcome?.failures ?? new Map<number, string>())].map(([id, detail]) => ({ id, detail }));
  const rejected = outcome?.rowsRejected ?? 0;
  const detail = error ?? (rejected > 0 ? `${rejected} rows of OpenRouter's answer could not be read` : null);
  await sql().begin(async (transaction) => {
    await transaction`
      update sync_run_keys set status = ${error ? "failed" : "succeeded"}, detail = ${detail}, finished_at = now(),
        rows_written = ${outcome?.rowsWritten ?? 0}, rows_rejected = ${rejected}
      where run_id = ${runId} and api_key_id = ${keyId}`;
    // Keys that came to light in this very run count too.
    await transaction`
      insert into sync_run_keys as rk (run_id, api_key_id, status, detail, finished_at)
      select ${runId}, k.id, case when f.id is null and ${error === null} then 'succeeded' else 'failed' end, coalesce(f.detail, ${error}), now()
      from api_keys k left join jsonb_to_recordset(${JSON.stringify(failures)}::jsonb) as f(id int, detail text) on f.id = k.id
      where k.management_key_id = ${keyId} and k.is_active and k.status <> 'deleted'
      on conflict (run_id, api_key_id) do update set status = excluded.status, detail = excluded.detail, finished_at = excluded.finished_at
      where rk.status in ('queued', 'running')`;
    // One key of an account that was asked for alone may have failed on its own.
    await transaction`
      update sync_run_keys rk set status = 'failed', detail = f.detail
      from jsonb_to_recordset(${JSON.stringify(failures)}::jsonb) as f(id int, detail text)
      where rk.run_id = ${runId} and rk.api_key_id = ${keyId} and f.id = ${keyId}`;
    for (const failure of failures) {
      await transaction`update api_keys set last_sync_error = ${failure.detail} where id = ${failure.id}`;
    }
  });
}

async function finishRun(runId: number): Promise<void> {
  await sql()`
    update sync_runs r set finished_at = now(), status = case
      when not exists (select 1 from sync_run_keys k where k.run_id = r.id and k.detail is not null) then 'succeeded'
      when exists (select 1 from sync_run_keys k where k.run_id = r.id and k.status = 'succeeded') then 'partial'
      else 'failed' end
    where id = ${runId}`;
}
