import "server-only";
import { sql } from "@/db/client";
import type { RosterKey } from "@/lib/openrouter/key";

/** One key's counters before and after its usage was read: spend in between belongs to neither side. */
export type CounterReading = { id: number; before: RosterKey | undefined; after: RosterKey };

/**
 * Keeps OpenRouter's counters beside our own sums of the same moment, and the drift between them. What a key spent before our window began (it is older than
 * a year) is set down as `usage_before` the first time its usage is complete. USD; days are UTC.
 */
export async function keepCounters(
  readings: CounterReading[],
  complete: { ids: number[]; from: Date },
  now: Date,
): Promise<void> {
  if (readings.length === 0) return;
  const rows = readings.map(({ id, before, after }) => ({
    id,
    usage: after.usage,
    usage_daily: after.usage_daily,
    usage_weekly: after.usage_weekly,
    usage_monthly: after.usage_monthly,
    byok_usage: after.byok_usage,
    usage_at_start: before?.usage ?? after.usage,
    daily_at_start: before?.usage_daily ?? after.usage_daily,
  }));
  await sql()`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g(id int, usage numeric, usage_daily numeric, usage_weekly numeric,
        usage_monthly numeric, byok_usage numeric, usage_at_start numeric, daily_at_start numeric)
    ), ours as (
      select g.id, coalesce(sum(s.cost), 0) as booked,
        coalesce(sum(s.cost) filter (where s.date = (${now.toISOString()}::timestamptz at time zone 'UTC')::date), 0) as today
      from given g left join usage_stats s on s.api_key_id = g.id
      group by g.id
    ), held as (
      select g.*, ours.booked, ours.today,
        coalesce(c.usage_before, case
          when not (g.id = any(${complete.ids}::int[])) then null
          when k.upstream_created_at >= ${complete.from.toISOString()} then 0
          else greatest(g.usage - ours.booked, 0) end) as spent_before
      from given g join ours using (id) join api_keys k using (id) left join key_counters c on c.api_key_id = g.id
    )
    insert into key_counters (api_key_id, read_at, usage, usage_daily, usage_weekly, usage_monthly, byok_usage, usage_before, booked_cost,
      booked_daily, drift, drift_daily)
    select held.id, ${now.toISOString()}, held.usage, held.usage_daily, held.usage_weekly, held.usage_monthly, held.byok_usage,
      held.spent_before, held.booked, held.today,
      case
        when held.spent_before is null then null
        when held.usage - held.spent_before < held.booked then held.usage - held.spent_before - held.booked
        else greatest(held.usage_at_start - held.spent_before - held.booked, 0) end,
      case
        when held.usage_daily < held.today then held.usage_daily - held.today
        else greatest(held.daily_at_start - held.today, 0) end
    from held
    on conflict (api_key_id) do update set read_at = excluded.read_at, usage = excluded.usage, usage_daily = excluded.usage_daily,
      usage_weekly = excluded.usage_weekly, usage_monthly = excluded.usage_monthly, byok_usage = excluded.byok_usage,
      usage_before = excluded.usage_before, booked_cost = excluded.booked_cost, booked_daily = excluded.booked_daily,
      drift = excluded.drift, drift_daily = excluded.drift_daily`;
}

/** Keeps an account's credits, where OpenRouter lets the key read them. */
export async function keepCredits(
  managementKeyId: number,
  credits: { total: string; used: string } | null,
  now: Date,
): Promise<void> {
  if (!credits) return;
  await sql()`
    update api_keys set credits_total = ${credits.total}, credits_used = ${credits.used}, credits_at = ${now.toISOString()}
    where id = ${managementKeyId}`;
}
