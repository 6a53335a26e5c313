import "server-only";
import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";

/**
 * Before the management key that stands for an account is deleted: another one of the same account takes its place, with the account's usage and keys.
 * Answers whether there is one.
 */
export async function handOverAccount(tx: Database, teamId: number, id: number): Promise<boolean> {
  const [heir] = await tx.execute<{ id: number }>(sql`
    select id from api_keys where team_id = ${teamId} and management_key_id = ${id} and kind = 'management' order by is_active desc, id limit 1`);
  if (!heir) return false;
  await tx.execute(sql`delete from metric_months where api_key_id = ${heir.id}`);
  for (const table of ["usage_hours", "usage_stats", "metric_months", "performance", "breakdown_days"]) {
    await tx.execute(sql`update ${sql.identifier(table)} set api_key_id = ${heir.id} where api_key_id = ${id}`);
  }
  await tx.execute(sql`
    update api_keys heir set management_key_id = null, last_synced_at = a.last_synced_at, synced_from = a.synced_from,
      measured_by = a.measured_by, measured_detail = a.measured_detail, measured_until = a.measured_until, analytics_meta = a.analytics_meta,
      details_read_at = a.details_read_at, credits_total = a.credits_total, credits_used = a.credits_used, credits_at = a.credits_at
    from api_keys a where a.id = ${id} and heir.id = ${heir.id}`);
  await tx.execute(sql`update api_keys set management_key_id = ${heir.id} where management_key_id = ${id}`);
  await tx.execute(
    sql`update broadcast_connections set management_key_id = ${heir.id} where management_key_id = ${id}`,
  );
  return true;
}
