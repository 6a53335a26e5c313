import "server-only";
import { sql } from "@/db/client";
import { concurrently } from "@/lib/base/concurrently";
import { isDatabaseGone } from "@/lib/base/errors";
import { fairShare } from "@/lib/base/fair-share";
import { log } from "@/lib/base/log";
import { storableJson } from "@/lib/base/text";
import { withLease } from "@/lib/queue/lease";
import { syncKey, type UnitResult } from "./run-unit";

/** Keys of one team that are synced at once, in however many runs. */
const WIDTH = 4;

/** A team with many keys does not keep the others waiting. */
const units = () => fairShare("sync units", () => ({ total: 6 * WIDTH, perTeam: WIDTH }));

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
      const [run] = await sql()<{ team_id: number }[]>`select team_id from sync_runs where id = ${runId}`;
      if (!run) return;
      await concurrently(await nextUnits(runId), WIDTH, (keyId) =>
        units().during(run.team_id, async () => finishUnit(runId, keyId, await attempt(runId, keyId, signal)), signal),
      );
      await finishRun(runId);
    },
    { wait: false, ...(stop && { signal: stop }) },
  );
}

/** A fault of ours with one key is told as such and does not stop the others; a database that is away stops the run until it is back. */
export async function attempt(runId: number, keyId: number, signal: AbortSignal): Promise<UnitResult> {
  const onProgress = ({ daysDone, daysTotal }: { daysDone: number; daysTotal: number }) => sql()`
    update sync_run_keys set days_done = ${daysDone}, days_total = ${daysTotal} where run_id = ${runId} and api_key_id = ${keyId}`;
  try {
    return await syncKey(keyId, { signal, onProgress: async (progress) => void (await onProgress(progress)) });
  } catch (error) {
    if (signal.aborted || isDatabaseGone(error)) throw error;
    log().error({ err: error, apiKeyId: keyId }, "A key could not be synced");
    return { outcome: null, error: "Something went wrong here while this key was synced; the log says more" };
  }
}

/** The keys to ask by themselves: keys of an account are done by the first of its management keys that is in the run. */
export async function nextUnits(runId: number): Promise<number[]> {
  const rows = await sql()<{ api_key_id: number }[]>`
    update sync_run_keys rk set status = 'running'
    from api_keys k
    where rk.run_id = ${runId} and k.id = rk.api_key_id and rk.status in ('queued', 'running')
      and not exists (
        select 1 from sync_run_keys other join api_keys m on m.id = other.api_key_id
        where other.run_id = ${runId} and other.status in ('queued', 'running') and m.kind = 'management' and m.is_active
          and m.status <> 'invalid' and coalesce(m.management_key_id, m.id) = coalesce(k.management_key_id, k.id)
          and m.id <> k.id and (k.kind <> 'management' or m.id < k.id))
    returning rk.api_key_id`;
  return rows.map((row) => row.api_key_id);
}

/** What is to be said of a unit that went through: null where all is well. */
function detailOf({ outcome, error }: UnitResult): string | null {
  if (error !== null || !outcome) return error;
  const { rowsRejected, cellsUnsplit, notes } = outcome;
  const sentences = [
    ...notes,
    ...(rowsRejected > 0 ? [`${rowsRejected} rows of OpenRouter's answer could not be read`] : []),
    ...(cellsUnsplit > 0
      ? [`${cellsUnsplit} sums could not be split by key or provider: the parts do not add up to them`]
      : []),
  ];
  return sentences.length > 0 ? sentences.join(" · ") : null;
}

/** Notes what a unit did: for an account, on each of its keys. */
export async function finishUnit(runId: number, keyId: number, result: UnitResult): Promise<void> {
  const { outcome, error } = result;
  const failures = [...(outcome?.failures ?? new Map<number, string>())].map(([id, detail]) => ({ id, detail }));
  await sql().begin(async (transaction) => {
    await transaction`
      update sync_run_keys set status = ${error ? "failed" : "succeeded"}, detail = ${detailOf(result)}, finished_at = now(),
        rows_written = ${outcome?.rowsWritten ?? 0}, rows_rejected = ${outcome?.rowsRejected ?? 0},
        cells_unsplit = ${outcome?.cellsUnsplit ?? 0}, days_done = case when ${error === null} then days_total else days_done end
      where run_id = ${runId} and api_key_id = ${keyId}`;
    // Keys of the account that came to light in this very run count too.
    await transaction`
      insert into sync_run_keys as rk (run_id, api_key_id, status, detail, finished_at)
      select ${runId}, k.id, case when f.id is null and ${error === null} then 'succeeded' else 'failed' end, coalesce(f.detail, ${error}), now()
      from api_keys unit
        join api_keys k on coalesce(k.management_key_id, k.id) = coalesce(unit.management_key_id, unit.id) and k.id <> unit.id
        left join jsonb_to_recordset(${storableJson(failures)}::jsonb) as f(id int, detail text) on f.id = k.id
      where unit.id = ${keyId} and unit.kind = 'management' and k.is_active and k.status <> 'deleted'
      on conflict (run_id, api_key_id) do update set status = excluded.status, detail = excluded.detail, finished_at = excluded.finished_at
      where rk.status in ('queued', 'running')`;
    // One key of an account that was asked for alone may have failed on its own.
    await transaction`
      update sync_run_keys rk set status = 'failed', detail = f.detail
      from jsonb_to_recordset(${storableJson(failures)}::jsonb) as f(id int, detail text)
      where rk.run_id = ${runId} and rk.api_key_id = ${keyId} and f.id = ${keyId}`;
    await transaction`
      update api_keys k set last_sync_error = f.detail
      from jsonb_to_recordset(${storableJson(failures)}::jsonb) as f(id int, detail text) where k.id = f.id`;
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
