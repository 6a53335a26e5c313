import "server-only";
import type postgres from "postgres";
import { sql } from "@/db/client";
import { deleteCountedDays } from "@/lib/metrics/keep-deleted";

/** Rows per statement: small enough that nothing waits long for a lock. */
const BATCH = 10_000;

/**
 * Deletes all usage before a UTC day (YYYY-MM-DD) in every table that has it. Returns the number of rows of
 * `usage_hours` deleted.
 */
export async function deleteOldUsage(before: string): Promise<number> {
  const instant = sql()`${before}::timestamp at time zone 'UTC'`;
  const keys = await sql()<{ id: number }[]>`
    select id from api_keys k where exists (select from usage_stats s where s.api_key_id = k.id and s.date < ${before}::date)
      or exists (select from usage_hours h where h.api_key_id = k.id and h.hour < ${instant}) order by id`;
  let deleted = 0;
  for (const { id } of keys) deleted += await deleteOfKey(id, before);
  await deleteInBatches("generations", sql()`started_at < ${instant}`);
  await deleteInBatches("performance", sql()`bucket < ${instant}`);
  await deleteInBatches("breakdown_days", sql()`date < ${before}::date`);
  return deleted;
}

/**
 * Hours, their roll-up and the team's data version go in one transaction, so that all keep saying the same. The key is
 * locked as a booking locks it: otherwise a sync could roll up a day between the two deletions.
 */
const deleteOfKey = (id: number, before: string): Promise<number> =>
  sql().begin(async (transaction) => {
    const [key] = await transaction<
      { team_id: number }[]
    >`select team_id from api_keys where id = ${id} for no key update`;
    if (!key) return 0;
    const hours = await transaction`
      delete from usage_hours where api_key_id = ${id} and hour < ${before}::timestamp at time zone 'UTC'`;
    const days = await deleteCountedDays(transaction, id, before);
    if (hours.count + days > 0) {
      await transaction`update teams set data_version = data_version + 1 where id = ${key.team_id}`;
    }
    return hours.count;
  });

async function deleteInBatches(table: string, condition: postgres.Fragment): Promise<void> {
  for (let last = BATCH; last === BATCH; ) {
    const result = await sql()`
      delete from ${sql()(table)} where ctid = any(array(select ctid from ${sql()(table)} where ${condition} limit ${BATCH}))`;
    last = result.count;
  }
}
