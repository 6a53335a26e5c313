import "server-only";
import type postgres from "postgres";
import { sql } from "@/db/client";
import { statusOf } from "@/lib/keys/status";
import { isManagementKey, type KeyRecord, readKey } from "@/lib/openrouter/key";
import { addHours, isoDate, startOfDay, startOfHour } from "@/lib/time";
import { rollUp } from "@/lib/usage/book";
import { markMeasured, removeLive } from "@/lib/usage/live";
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

type Before = {
  usage: string | null;
  usage_before: string | null;
  counters_at: string | null;
  last_used_at: string | null;
};

async function book(transaction: Transaction, key: SampledKey, record: KeyRecord): Promise<number> {
  const [before] = await transaction<Before[]>`
    select c.usage, c.usage_before, c.read_at as counters_at, k.last_used_at
    from api_keys k left join key_counters c on c.api_key_id = k.id where k.id = ${key.id} for no key update of k`;
  if (!before) return 0;
  await keepRecord(transaction, key, record);
  if (record.usage === null) return 0;
  const spent = await spentSince(transaction, before, record, key.now);
  const earlier = lastHourBefore(startOfDay(key.now), before.counters_at);
  // The counter has what Broadcast told since the last reading, and it may have been read in the hour after `now`.
  const end = addHours(startOfHour(new Date(Math.max(key.now.getTime(), Date.now()))), 1);
  const since = before.counters_at ? startOfHour(new Date(before.counters_at)) : startOfDay(key.now);
  const removed = await removeLive(transaction, { apiKeyIds: [key.id], start: since, end });
  await markMeasured(transaction, { apiKeyIds: [key.id], end });
  const written =
    (await add(transaction, key, startOfHour(key.now), spent.today)) +
    (await add(transaction, key, earlier, spent.earlier));
  if (written + removed > 0) {
    const start = new Date(Math.min(earlier.getTime(), since.getTime()));
    await rollUp(transaction, { teamId: key.teamId, apiKeyIds: [key.id], start, end });
  }
  await transaction`
    update key_counters set usage_before = coalesce(usage_before, usage - ${spent.today}::numeric),
      booked_cost = (select coalesce(sum(cost), 0) from usage_stats where api_key_id = ${key.id}),
      booked_daily = (select coalesce(sum(cost), 0) from usage_stats where api_key_id = ${key.id} and date = ${isoDate(key.now)})
    where api_key_id = ${key.id}`;
  await transaction`
    update key_counters set drift = usage - usage_before - booked_cost, drift_daily = usage_daily - booked_daily where api_key_id = ${key.id}`;
  await transaction`update teams set data_version = data_version + 1 where id = ${key.teamId}`;
  return written;
}

/**
 * How much of the new spend (USD) belongs to this UTC day and how much to earlier ones. `usage_daily` splits a difference that spans midnight; without it
 * all is today's. On the first reading only today's spend is known to lie in a day of ours.
 */
async function spentSince(
  transaction: Transaction,
  before: Before,
  { usage, usage_daily: daily }: KeyRecord,
  now: Date,
): Promise<{ today: string; earlier: string }> {
  const sameDay = before.counters_at !== null && startOfDay(new Date(before.counters_at)) >= startOfDay(now);
  const [row] = await transaction<{ today: string; earlier: string }[]>`
    with given as (
      select ${usage}::numeric as usage, ${daily}::numeric as daily, ${before.usage}::numeric as before,
        ${before.usage_before !== null}::bool as is_known, ${sameDay}::bool as same_day
    ), split as (
      select case
        when not is_known then coalesce(daily, 0)
        when same_day or daily is null then usage - before
        else least(daily, usage - before) end as today,
        case when is_known then usage - before end as spent
      from given
    )
    select today::text, (coalesce(spent, today) - today)::text as earlier from split`;
  return row ?? { today: "0", earlier: "0" };
}

/** Spend of before midnight that was seen only after it is booked on the last hour of that day, or of the day of the reading before. */
function lastHourBefore(midnight: Date, readingBefore: string | null): Date {
  const lastHour = addHours(midnight, -1);
  if (!readingBefore) return lastHour;
  const endOfThatDay = addHours(startOfDay(new Date(readingBefore)), 23);
  return new Date(Math.min(endOfThatDay.getTime(), lastHour.getTime()));
}

async function add(transaction: Transaction, key: SampledKey, hour: Date, cost: string): Promise<number> {
  if (Number(cost) === 0) return 0;
  const result = await transaction`
    insert into usage_hours as u (team_id, api_key_id, hour, granularity, model, provider, source, cost)
    values (${key.teamId}, ${key.id}, ${hour.toISOString()}, 'hour', null, null, 'sample', ${cost})
    on conflict on constraint usage_hours_identity do update set cost = u.cost + excluded.cost`;
  return result.count;
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
  await transaction`
    insert into key_counters as c (api_key_id, read_at, usage, usage_daily, usage_weekly, usage_monthly, byok_usage)
    values (${key.id}, ${now}, ${record.usage}, ${record.usage_daily}, ${record.usage_weekly}, ${record.usage_monthly}, ${record.byok_usage})
    on conflict (api_key_id) do update set read_at = excluded.read_at, usage = coalesce(excluded.usage, c.usage),
      usage_daily = excluded.usage_daily, usage_weekly = excluded.usage_weekly, usage_monthly = excluded.usage_monthly,
      byok_usage = excluded.byok_usage`;
}
