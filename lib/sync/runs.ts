import "server-only";
import { and, eq, isNull, ne, sql as text } from "drizzle-orm";
import { type Database, sql } from "@/db/client";
import { apiKeys } from "@/db/schema/keys";
import { syncRunKeys, syncRuns } from "@/db/schema/sync";
import { lockOwner } from "@/lib/access/limits";
import { refuseForeign } from "@/lib/access/ownership";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { AppError } from "@/lib/base/errors";
import { type Page, pageOf } from "@/lib/base/page";
import { dispatchRun } from "./dispatch-run";

export type RunTrigger = "manual" | "schedule" | "connect";

/**
 * Queues a sync of all active keys of the viewer's team, or of one. Answers at once; the run goes on in the background and survives the process.
 * Errors: 404/403 for a key that is not the team's, 409 when it is switched off or there is none to sync.
 */
export async function requestSync(viewer: Viewer, input: { key_id?: number | undefined }): Promise<{ run_id: number }> {
  if (input.key_id !== undefined) {
    const [key] = await sql()<{ is_active: boolean }[]>`
      select is_active from api_keys where id = ${input.key_id} and team_id = ${viewer.teamId}`;
    if (!key) return refuseForeign("api_keys", input.key_id);
    if (!key.is_active) throw new AppError("conflict", "The key is switched off; activate it to sync it");
  }
  const { runId, isNew } = await withTransaction(viewer, async ({ tx, record }) => {
    await lockOwner(tx, { teamId: viewer.teamId });
    const keyId = input.key_id ?? null;
    const waiting = await findWaitingRun(tx, viewer.teamId, keyId);
    if (waiting !== null) {
      await record(null);
      return { runId: waiting, isNew: false };
    }
    const queued = await queueRun(tx, { teamId: viewer.teamId, trigger: "manual", requestedBy: viewer.userId, keyId });
    if (queued === null) throw new AppError("conflict", "There is no active key to sync");
    await record({ action: "sync.requested", objectType: "sync_run", objectId: queued });
    return { runId: queued, isNew: true };
  });
  if (isNew) await dispatchRun(runId);
  return { run_id: runId };
}

const activeKeys = (teamId: number, keyId: number | null) =>
  and(
    eq(apiKeys.teamId, teamId),
    eq(apiKeys.isActive, true),
    ne(apiKeys.status, "deleted"),
    keyId === null ? undefined : eq(apiKeys.id, keyId),
  );

/** A run that has not begun and will sync the very keys that another one would: asking twice queues once. */
async function findWaitingRun(tx: Database, teamId: number, keyId: number | null): Promise<number | null> {
  const keys = text`array(select ${apiKeys.id} from ${apiKeys} where ${activeKeys(teamId, keyId)} order by 1)`;
  const queued = text`array(select k.api_key_id from ${syncRunKeys} k where k.run_id = ${syncRuns.id} order by 1)`;
  const [run] = await tx
    .select({ id: syncRuns.id })
    .from(syncRuns)
    .where(
      and(
        eq(syncRuns.teamId, teamId),
        isNull(syncRuns.startedAt),
        isNull(syncRuns.finishedAt),
        text`${queued} = ${keys}`,
      ),
    )
    .limit(1);
  return run?.id ?? null;
}

type NewRun = { teamId: number; trigger: RunTrigger; requestedBy: number | null; keyId: number | null };

/** Queues a run and its keys; null when there is nothing to sync. Does not start it. */
export async function queueRun(tx: Database, { teamId, trigger, requestedBy, keyId }: NewRun): Promise<number | null> {
  const [run] = await tx.insert(syncRuns).values({ teamId, requestedBy, trigger }).returning({ id: syncRuns.id });
  if (!run) throw new Error("PostgreSQL returned no row for a queued run");
  const keys = await tx.execute(text`
    insert into ${syncRunKeys} (run_id, api_key_id)
    select ${run.id}, ${apiKeys.id} from ${apiKeys} where ${activeKeys(teamId, keyId)} returning 1`);
  if (keys.length > 0) return run.id;
  await tx.delete(syncRuns).where(eq(syncRuns.id, run.id));
  return null;
}

/** The fields of a run that leave; `rows_written` counts hourly rows that changed. */
const runView = () => sql()`
  r.id as run_id, r.status, r.trigger, (count(k.*))::int as keys_total,
  (count(k.*) filter (where k.status in ('succeeded', 'failed')))::int as keys_done,
  coalesce(sum(k.rows_written), 0)::int as rows_written, coalesce(sum(k.rows_rejected), 0)::int as rows_rejected,
  coalesce(sum(k.cells_unsplit), 0)::int as cells_unsplit, coalesce(sum(k.days_total), 0)::int as days_total,
  coalesce(sum(k.days_done), 0)::int as days_done,
  coalesce(jsonb_agg(jsonb_build_object('api_key_id', k.api_key_id, 'api_key_name', a.name, 'detail', k.detail) order by k.api_key_id)
    filter (where k.detail is not null), '[]') as errors,
  to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as created_at,
  to_char(r.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as started_at,
  to_char(r.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as finished_at`;

const runKeys = () => sql()`
  left join sync_run_keys k on k.run_id = r.id left join api_keys a on a.id = k.api_key_id`;

export type RunView = {
  run_id: number;
  status: "queued" | "running" | "succeeded" | "partial" | "failed";
  trigger: RunTrigger;
  keys_total: number;
  keys_done: number;
  rows_written: number;
  rows_rejected: number;
  cells_unsplit: number;
  days_total: number;
  days_done: number;
  errors: { api_key_id: number; api_key_name: string; detail: string }[];
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
};

/** How far a run has come. */
export async function getSyncRun(viewer: Viewer, { run_id: id }: { run_id: number }): Promise<RunView> {
  const [run] = await sql()<RunView[]>`
    select ${runView()} from sync_runs r ${runKeys()}
    where r.id = ${id} and r.team_id = ${viewer.teamId} group by r.id`;
  return run ?? refuseForeign("sync_runs", id);
}

/** The team's runs, newest first. */
export async function listSyncRuns(viewer: Viewer, { page, limit }: Page) {
  const [count] = await sql()<
    { total: number }[]
  >`select count(*)::int as total from sync_runs where team_id = ${viewer.teamId}`;
  const total = count?.total ?? 0;
  const items = await sql()<RunView[]>`
    select ${runView()} from (
      select * from sync_runs where team_id = ${viewer.teamId} order by id desc limit ${limit} offset ${(page - 1) * limit}
    ) r ${runKeys()}
    group by r.id, r.status, r.trigger, r.created_at, r.started_at, r.finished_at order by r.id desc`;
  return pageOf([...items], { page, limit }, total);
}
