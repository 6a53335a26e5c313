import "server-only";
import { sql } from "@/db/client";
import { env } from "@/lib/base/env";
import { deleteOldUsage } from "./delete-old-usage";

/**
 * Deletes usage older than USAGE_STATS_RETENTION_DAYS and audit events older than AUDIT_RETENTION_DAYS (0 = never), and what has served its
 * purpose: sessions, leases, counters, old runs.
 */
export async function cleanUp(): Promise<string> {
  const days = env().USAGE_STATS_RETENTION_DAYS;
  const usage = days === 0 ? 0 : await deleteOldUsage(await oldestKeptDay(days));
  if (env().AUDIT_RETENTION_DAYS > 0) await deleteOldEvents(env().AUDIT_RETENTION_DAYS);
  await sql()`delete from rate_limits where window_start < now() - interval '2 days'`;
  await sql()`delete from leases where until < now() - interval '1 day'`;
  await sql()`delete from sessions where expires_at < now() - interval '30 days' or revoked_at < now() - interval '30 days'`;
  await sql()`delete from mailed_links where expires_at < now() - interval '1 day'`;
  await sql()`delete from passkey_challenges where expires_at < now()`;
  await sql()`delete from sync_runs where finished_at < now() - interval '90 days'`;
  await sql()`delete from job_runs where finished_at < now() - interval '90 days'`;
  return `${usage} rows of usage older than ${days} days deleted`;
}

/** The first UTC day that is kept (YYYY-MM-DD), by the database's clock. */
async function oldestKeptDay(days: number): Promise<string> {
  const [row] = await sql()<{ day: string }[]>`select ((now() at time zone 'UTC')::date - ${days}::int)::text as day`;
  if (!row) throw new Error("the database did not say which day it is");
  return row.day;
}

/** The database's own function alone may delete events, and a limited number at a time. */
async function deleteOldEvents(days: number): Promise<void> {
  for (let deleted = -1; deleted !== 0; ) {
    const [row] = await sql()<{ deleted: number }[]>`select delete_old_audit_events(${days}::int) as deleted`;
    deleted = row?.deleted ?? 0;
  }
}
