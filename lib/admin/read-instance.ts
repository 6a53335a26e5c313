import "server-only";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { AppError } from "@/lib/base/errors";
import { appVersion } from "@/lib/base/version";
import { backgroundJobs } from "@/lib/jobs/jobs";
import { usesInngest } from "@/lib/queue/inngest-client";
import { readMetricNews } from "@/lib/sync/metric-news";

const LATEST = 25;

/** A sync of any team. `duration_ms` is null until it has ended; `error` is the first key's, in words. */
type SyncRunFact = {
  id: number;
  team: string;
  /** The e-mail address of its owner: teams made at registration share one name. */
  owner: string | null;
  trigger: string;
  status: "queued" | "running" | "succeeded" | "partial" | "failed";
  created_at: string;
  duration_ms: number | null;
  keys: number;
  failed_keys: number;
  error: string | null;
};

type JobRunFact = {
  id: number;
  job: string;
  scheduled_for: string;
  status: "running" | "succeeded" | "failed";
  duration_ms: number | null;
  detail: string | null;
};

/** How the instance is: for whoever looks after it. Sizes in bytes, times ISO 8601 UTC. Error: 404 for anybody else, who need not know that there is such a page. */
export async function readInstance(viewer: Viewer) {
  if (!viewer.isAdmin) throw new AppError("not_found", "There is no such page");
  const [database, metrics, queue, syncRuns, jobRuns] = await Promise.all([
    readDatabase(),
    readMetricNews(),
    readQueue(),
    readSyncRuns(),
    readJobRuns(),
  ]);
  return {
    version: appVersion(),
    scheduler: usesInngest() ? ("inngest" as const) : ("schedule" as const),
    jobs: backgroundJobs().map(({ name, cron }) => ({ name, cron })),
    database,
    metrics,
    queue,
    sync_runs: syncRuns,
    job_runs: jobRuns,
  };
}

export type Instance = Awaited<ReturnType<typeof readInstance>>;

async function readDatabase() {
  const [row] = await sql()<{ bytes: number; version: string; connections: number }[]>`
    select pg_database_size(current_database()) as bytes, current_setting('server_version') as version,
      (select count(*)::int from pg_stat_activity where datname = current_database()) as connections`;
  return { bytes: row?.bytes ?? 0, version: row?.version ?? "", connections: row?.connections ?? 0 };
}

async function readQueue() {
  const [row] = await sql()<{ runs: number; keys: number; leases: number; since: string | null }[]>`
    select (select count(*)::int from sync_runs where finished_at is null) as runs,
      (select count(*)::int from sync_run_keys k join sync_runs r on r.id = k.run_id
        where r.finished_at is null and k.status in ('queued', 'running')) as keys,
      (select count(*)::int from leases where until > now() and name not like 'turn:%') as leases,
      (select to_char(min(created_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from sync_runs where finished_at is null) as since`;
  return { runs: row?.runs ?? 0, keys: row?.keys ?? 0, leases: row?.leases ?? 0, since: row?.since ?? null };
}

const readSyncRuns = async (): Promise<SyncRunFact[]> => [
  ...(await sql()<SyncRunFact[]>`
    select r.id, t.name as team, (select u.email from members m join users u on u.id = m.user_id
        where m.team_id = t.id and m.role = 'owner' order by u.id limit 1) as owner, r.trigger, r.status,
      to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at,
      (extract(epoch from r.finished_at - r.started_at) * 1000)::int as duration_ms,
      k.keys, k.failed_keys, k.error
    from (select * from sync_runs order by id desc limit ${LATEST}) r join teams t on t.id = r.team_id
      cross join lateral (select count(*)::int as keys, (count(*) filter (where status = 'failed'))::int as failed_keys,
        (array_agg(detail order by api_key_id) filter (where detail is not null))[1] as error
        from sync_run_keys where run_id = r.id) k
    order by r.id desc`),
];

const readJobRuns = async (): Promise<JobRunFact[]> => [
  ...(await sql()<JobRunFact[]>`
    select id, job, to_char(scheduled_for at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as scheduled_for, status,
      (extract(epoch from finished_at - started_at) * 1000)::int as duration_ms, detail
    from job_runs order by id desc limit ${LATEST}`),
];
