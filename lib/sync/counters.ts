import "server-only";
import type postgres from "postgres";
import { sql } from "@/db/client";
import { env } from "@/lib/base/env";
import { isoDate } from "@/lib/base/time";
import { ACTIVITY_DAYS } from "@/lib/openrouter/activity";
import type { KeyRecord } from "@/lib/openrouter/key";
import { isKeyOff, isOff, isPeriodOff } from "@/lib/reconciliation/bound";
import { COUNTED_PERIODS } from "@/lib/reconciliation/counted-periods";
import { countedAt } from "./counted";

const PERIODS = ["usage_daily", "usage_weekly", "usage_monthly"] as const;
const BYOK = ["byok_usage", "byok_usage_daily", "byok_usage_weekly", "byok_usage_monthly"] as const;
const COMPARED = ["usage", ...PERIODS] as const;

export type Counters = Pick<KeyRecord, (typeof COMPARED)[number] | (typeof BYOK)[number]>;

/**
 * One key's counters before and after its usage was read: spend in between belongs to neither side. `spentBefore` is what it had spent before our history
 * (USD), where that is known from elsewhere.
 */
export type CounterReading = { id: number; before?: Counters | undefined; after: Counters; spentBefore?: string };

/** Counters of one account are cents apart when a period began anew between the two readings; smaller differences are rounding. */
const BEGAN_ANEW = 0.01;

/**
 * Keeps OpenRouter's counters beside our own sums of the same moment, and the drift between them: of a key's whole life, and of the UTC day, week and month
 * of `now` as far as our history of it reaches. What a key spent before its history (`complete.from`, `complete.ids` were read completely) is set down as
 * `usage_before` once, and never while a period inside the history is off. Returns the keys that are off. USD.
 */
export async function keepCounters(
  readings: CounterReading[],
  complete: { ids: number[]; from: Date },
  now: Date,
  database: postgres.ISql<{ bigint: number }> = sql(),
): Promise<{ offIds: number[] }> {
  if (readings.length === 0) return { offIds: [] };
  const rows = await database<{ id: number; is_off: boolean }[]>`
    with at as (${startsOf(now)}), given as (
      select * from jsonb_to_recordset(${JSON.stringify(readings.map(toRow))}::jsonb) as g(${columnsOf()})
    ), known as (${known(complete.from)}), summed as (
      select g.id, coalesce(sum(s.cost), 0) as cost, ${sumsOf()},
        coalesce(sum(s.cost) filter (where s.date < g.lost_since), 0) as cost_before_loss
      from known g cross join at left join usage_stats s on s.api_key_id = g.id group by g.id
    ), booked as (
      select known.*, summed.cost as booked_cost, cost_before_loss, ${bookedOf()}
      from known join summed using (id) cross join at
    ), compared as (
      select booked.*, ${driftsOf()} from booked cross join at
    ), judged as (
      select c.*, coalesce(known_before, spent_before, case
        when usage is null or not id = any(${complete.ids}::int[]) then null
        when created_at >= ${complete.from.toISOString()} then 0
        when lost_since is not null then greatest(counter_before_loss - cost_before_loss, 0)
        when ${isPeriodOff("c")} then null
        else greatest(usage - booked_cost, 0) end) as usage_before
      from compared c
    )
    insert into key_counters as c (api_key_id, read_at, ${list([...COMPARED, ...BYOK, ...BOOKED])}, usage_before, booked_cost, drift)
    select id, ${now.toISOString()}, ${list([...COMPARED, ...BYOK, ...BOOKED])}, usage_before, booked_cost, case
      when usage is null or usage_before is null then null
      when usage - usage_before < booked_cost then usage - usage_before - booked_cost
      else greatest(usage_at_start - usage_before - booked_cost, 0) end
    from judged
    on conflict (api_key_id) do update set read_at = excluded.read_at, usage_before = excluded.usage_before,
      booked_cost = excluded.booked_cost, drift = excluded.drift, ${assigned([...COMPARED, ...BYOK, ...BOOKED])}
    returning c.api_key_id as id, ${isKeyOff("c")} as is_off`;
  const deleted = await recountDeleted(readings, database);
  return { offIds: [...rows, ...deleted].filter((row) => row.is_off).map((row) => row.id) };
}

const BOOKED = COUNTED_PERIODS.flatMap(({ column }) => [`booked_${column}`, `drift_${column}`]);

const text = (part: string) => sql().unsafe(part);
const list = (columns: readonly string[]) => text(columns.join(", "));
const assigned = (columns: readonly string[]) =>
  text(columns.map((column) => `${column} = excluded.${column}`).join(", "));

function toRow({ id, before, after, spentBefore }: CounterReading) {
  const counters = [...COMPARED, ...BYOK].map((name) => [name, after[name]]);
  const atStart = COMPARED.map((name) => [`${name}_at_start`, before?.[name] ?? after[name]]);
  return { id, spent_before: spentBefore ?? null, ...Object.fromEntries([...counters, ...atStart]) };
}

const columnsOf = () => {
  const money = ["spent_before", ...COMPARED, ...BYOK, ...COMPARED.map((name) => `${name}_at_start`)];
  return text(`id int, ${money.map((name) => `${name} numeric`).join(", ")}`);
};

/** The first days of the running periods, and whether the counters of each are certainly those of this one. */
function startsOf(now: Date) {
  const { day, week, month } = countedAt(now);
  return sql()`
    select ${day.start}::date as day, ${week.start}::date as week, ${month.start}::date as month,
      ${day.isSettled}::bool as is_day_settled, ${week.isSettled}::bool as is_week_settled, ${month.isSettled}::bool as is_month_settled`;
}

/**
 * What stands about each key: the first day of its history (by its source, and within the retention), and, as long as it has no `usage_before`, the earliest
 * period that was off at the reading before and is none of the running ones. Whatever lacked there must not become spend of before the history, so
 * the counter as it stood when that period began says what was spent before.
 */
function known(from: Date) {
  const days = env().USAGE_STATS_RETENTION_DAYS;
  const periods = COUNTED_PERIODS.map(
    ({ period, column }) =>
      `(date_trunc('${period}', c.read_at at time zone 'UTC')::date, c.usage_${column}, c.drift_${column})`,
  );
  return sql()`
    select g.*, k.upstream_created_at as created_at, c.usage_before as known_before, lost.since as lost_since, lost.counter as counter_before_loss,
      greatest(at.day - nullif(${days}::int, 0), case k.measured_by
        when 'activity' then at.day - ${ACTIVITY_DAYS}::int
        when 'sample' then (k.synced_from at time zone 'UTC')::date
        else ${isoDate(from)}::date end) as history_start
    from given g cross join at join api_keys k on k.id = g.id left join key_counters c on c.api_key_id = g.id
      left join lateral (
        select p.since, c.usage - p.theirs as counter from (values ${text(periods.join(", "))}) as p(since, theirs, drift)
        where c.usage_before is null and ${isOff("p.drift", "p.theirs")} and p.since < least(at.week, at.month)
        order by p.since limit 1
      ) lost on true`;
}

/** Our sum of each running period. */
const sumsOf = () =>
  text(
    COUNTED_PERIODS.map(
      ({ period, column }) =>
        `coalesce(sum(s.cost) filter (where s.date between at.${period} and at.day), 0) as cost_${column}`,
    ).join(", "),
  );

/** The same, null where our history does not reach the period's first day. */
const bookedOf = () =>
  text(
    COUNTED_PERIODS.map(
      ({ period, column }) => `case when history_start <= at.${period} then cost_${column} end as booked_${column}`,
    ).join(", "),
  );

/** What OpenRouter counts beyond our sum; null where the period is not reported, not read from its start, or was another at one of the readings. */
const driftsOf = () =>
  text(
    COUNTED_PERIODS.map(({ period, column }) => {
      const [theirs, before, ours] = [`usage_${column}`, `usage_${column}_at_start`, `booked_${column}`];
      return `case
        when ${theirs} is null or ${ours} is null or not at.is_${period}_settled then null
        when abs(${theirs} - ${before} - (usage - usage_at_start)) > ${BEGAN_ANEW} then null
        when ${theirs} < ${ours} then ${theirs} - ${ours}
        else greatest(${before} - ${ours}, 0) end as drift_${column}`;
    }).join(", "),
  );

/**
 * A key that OpenRouter lists no longer has no new counters, but what is booked for it may still change: its last counters are the least that our sums
 * since then must reach. What it spent after that reading is known to our sum alone.
 */
function recountDeleted(readings: CounterReading[], database: postgres.ISql<{ bigint: number }>) {
  const ids = readings.map(({ id }) => id);
  const start = (period: string) => `date_trunc('${period}', c.read_at at time zone 'UTC')::date`;
  const sums = COUNTED_PERIODS.map(
    ({ period, column }) => `coalesce(sum(s.cost) filter (where s.date >= ${start(period)}), 0) as cost_${column}`,
  );
  const recounted = COUNTED_PERIODS.map(
    ({ column }) =>
      `booked_${column} = case when c.booked_${column} is not null then gone.cost_${column} end,
        drift_${column} = case when c.drift_${column} is not null then greatest(c.usage_${column} - gone.cost_${column}, 0) end`,
  );
  return database<{ id: number; is_off: boolean }[]>`
    with gone as (
      select k.id, coalesce(sum(s.cost), 0) as cost, ${text(sums.join(", "))}
      from api_keys k join key_counters c on c.api_key_id = k.id left join usage_stats s on s.api_key_id = k.id
      where k.status = 'deleted' and k.is_active
        and k.management_key_id = any(array(select management_key_id from api_keys where id = any(${ids}::int[])))
      group by k.id
    )
    update key_counters c set booked_cost = gone.cost, ${text(recounted.join(", "))},
      drift = case when c.drift is not null then greatest(c.usage - c.usage_before - gone.cost, 0) end
    from gone where c.api_key_id = gone.id
    returning c.api_key_id as id, ${isKeyOff("c")} as is_off`;
}

/** The counters of keys as they were last kept, of those that were read before a time. */
export async function readCounters(ids: readonly number[], before: Date): Promise<Map<number, Counters>> {
  const rows = await sql()<({ id: number } & Counters)[]>`
    select api_key_id as id, ${list([...COMPARED, ...BYOK])} from key_counters
    where api_key_id = any(${[...ids]}::int[]) and read_at <= ${before.toISOString()}`;
  return new Map(rows.map((row) => [row.id, row]));
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
