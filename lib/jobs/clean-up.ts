import "server-only";
import { sql } from "@/db/client";
import { env } from "@/lib/env";

/** Rows per statement: small enough that nobody waits for a lock. */
const BATCH = 10_000;

/** Deletes usage older than USAGE_STATS_RETENTION_DAYS (0 = never), and what has served its purpose: sessions, leases, counters, old runs. */
export async function cleanUp(): Promise<string> {
  const days = env().USAGE_STATS_RETENTION_DAYS;
  const usage = days === 0 ? 0 : await deleteOldUsage(days);
  await sql()`delete from rate_limits where window_start < now() - interval '2 days'`;
  await sql()`delete from leases where until < now() - interval '1 day'`;
  await sql()`delete from sessions where expires_at < now() - interval '30 days' or revoked_at < now() - interval '30 days'`;
  await sql()`delete from mailed_links where expires_at < now() - interval '1 day'`;
  await sql()`delete from passkey_challenges where expires_at < now()`;
  await sql()`delete from sync_runs where finished_at < now() - interval '90 days'`;
  await sql()`delete from job_runs where finished_at < now() - interval '90 days'`;
  return `${usage} rows of usage older than ${days} days deleted`;
}

/** Whole UTC days go, hours and roll-up alike, so that both keep telling the same. */
async function deleteOldUsage(days: number): Promise<number> {
  const before = sql()`((now() at time zone 'UTC')::date - ${days}::int)`;
  let deleted = 0;
  for (let last = BATCH; last === BATCH; deleted += last) {
    last = (
      await sql()`
        delete from usage_hours where ctid = any(array(
          select ctid from usage_hours where hour < ${before}::timestamp at time zone 'UTC' limit ${BATCH}))`
    ).count;
  }
  const [rolledUp] = await sql()<{ count: number }[]>`
    with gone as (delete from usage_stats where date < ${before} returning api_key_id, cost), spent as (
      -- What leaves our history was spent before it from now on: OpenRouter's counters go on counting it.
      update key_counters c set usage_before = c.usage_before + g.cost, booked_cost = c.booked_cost - g.cost
      from (select api_key_id, sum(cost) as cost from gone group by 1) g where g.api_key_id = c.api_key_id
    )
    select count(*)::int as count from gone`;
  await sql()`delete from generations where started_at < now() - make_interval(days => ${days}::int)`;
  if (deleted + (rolledUp?.count ?? 0) > 0) await sql()`update teams set data_version = data_version + 1`;
  return deleted;
}
