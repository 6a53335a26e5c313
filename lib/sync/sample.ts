import "server-only";
import type postgres from "postgres";
import { sql } from "@/db/client";
import { subtractMoney } from "@/lib/base/money";
import { addHours, startOfDay, startOfHour } from "@/lib/base/time";
import { statusOf } from "@/lib/credentials/status";
import { isManagementKey, type KeyRecord, readKey } from "@/lib/openrouter/key";
import { rollUp } from "@/lib/usage/write/ingest-usage";
import { markMeasured, removeLive } from "@/lib/usage/write/live";
import { keepCounters } from "./counters";
import { type Spend, spreadSpend } from "./spread-spend";
import { emptyOutcome, type SyncOutcome } from "./unit";

type Transaction = postgres.TransactionSql<{ bigint: number }>;
export type SampledKey = { id: number; teamId: number; secret: string; signal: AbortSignal; now: Date };

/**
 * Measures a key that no management key covers: `GET /key` tells only how much it has spent, so the difference to the last reading is booked on the hour
 * of this one; model, provider, requests and tokens stay null. The first reading books what the key spent today. Killed at any point and run again, it ends with the same sum:
 * reading and booking are one transaction. A key that was added while OpenRouter could not be asked may turn out to be a management key.
 */
export async function sampleKey(key: SampledKey): Promise<SyncOutcome | "management"> {
  const record = await readKey(key.secret, { signal: key.signal });
  if (isManagementKey(record)) return "management";
  const outcome = emptyOutcome();
  outcome.measuredBy = "sample";
  outcome.rowsWritten = await sql().begin((transaction) => book(transaction as Transaction, key, record));
  outcome.synced = [key.id];
  return outcome;
}

type Before = Pick<KeyRecord, "usage" | "usage_daily" | "usage_weekly" | "usage_monthly"> & {
  usage_before: string | null;
  read_at: string | null;
};

async function book(transaction: Transaction, key: SampledKey, record: KeyRecord): Promise<number> {
  const [before] = await transaction<Before[]>`
    select c.usage, c.usage_daily, c.usage_weekly, c.usage_monthly, c.usage_before, c.read_at
    from api_keys k left join key_counters c on c.api_key_id = k.id where k.id = ${key.id} for no key update of k`;
  if (!before) return 0;
  await keepRecord(transaction, key, record);
  const { usage } = record;
  if (usage === null) return 0;
  const { spends, spentBefore } = spendSince(before, { ...record, usage }, key.now);
  // The counter has what Broadcast told since the last reading, and it may have been read in the hour after `now`.
  const end = addHours(startOfHour(new Date(Math.max(key.now.getTime(), Date.now()))), 1);
  const since = before.read_at ? startOfHour(new Date(before.read_at)) : startOfDay(key.now);
  const removed = await removeLive(transaction, { apiKeyIds: [key.id], start: since, end });
  await markMeasured(transaction, { apiKeyIds: [key.id], end });
  for (const spend of spends) await add(transaction, key, spend);
  if (spends.length + removed > 0) {
    const start = new Date(Math.min(since.getTime(), ...spends.map(({ hour }) => hour.getTime())));
    await rollUp(transaction, { teamId: key.teamId, apiKeyIds: [key.id], start, end });
  }
  await keepCounters([{ id: key.id, after: record, spentBefore }], { ids: [], from: key.now }, key.now, transaction);
  await transaction`update teams set data_version = data_version + 1 where id = ${key.teamId}`;
  return spends.length;
}

/** The new spend by hours, and what was spent before our history. On the first reading only today's spend is known to lie in a day of ours. */
function spendSince(before: Before, record: KeyRecord & { usage: string }, now: Date) {
  const { usage, usage_before: spentBefore, read_at: readAt } = before;
  if (usage === null || spentBefore === null || readAt === null) {
    const today = record.usage_daily ?? "0";
    const spends = Number(today) === 0 ? [] : [{ hour: startOfHour(now), cost: today }];
    return { spends, spentBefore: subtractMoney(record.usage, today) };
  }
  return { spends: spreadSpend({ ...before, usage, at: new Date(readAt) }, { ...record, at: now }), spentBefore };
}

async function add(transaction: Transaction, key: SampledKey, { hour, cost }: Spend): Promise<void> {
  await transaction`
    insert into usage_hours as u (team_id, api_key_id, hour, granularity, model, provider, source, cost)
    values (${key.teamId}, ${key.id}, ${hour.toISOString()}, 'hour', null, null, 'sample', ${cost})
    on conflict on constraint usage_hours_identity do update set cost = u.cost + excluded.cost`;
}

async function keepRecord(transaction: Transaction, key: SampledKey, record: KeyRecord): Promise<void> {
  const { status, detail } = statusOf(record, key.now);
  const now = key.now.toISOString();
  await transaction`
    update api_keys set status = ${status}, status_detail = ${detail}, checked_at = ${now}, label = coalesce(${record.label}, label),
      credit_limit = ${record.limit}, limit_remaining = ${record.limit_remaining}, limit_reset = ${record.limit_reset},
      include_byok_in_limit = ${record.include_byok_in_limit}, expires_at = ${record.expires_at?.toISOString() ?? null},
      workspace_id = coalesce(${record.workspace_id}, workspace_id),
      last_used_at = case when ${record.usage}::numeric > (select usage from key_counters where api_key_id = ${key.id})
        then ${now}::timestamptz else last_used_at end,
      measured_by = 'sample', last_synced_at = ${now}, synced_from = coalesce(synced_from, ${now}), last_sync_error = null
    where id = ${key.id}`;
}
