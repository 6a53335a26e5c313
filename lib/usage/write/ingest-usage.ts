import "server-only";
import type postgres from "postgres";
import { sql } from "@/db/client";
import { addDays, startOfDay } from "@/lib/base/time";
import { MEASURE_COLUMNS, type Measures } from "@/lib/usage/measures";
import { copyUsage } from "./copy-usage";
import { markMeasured } from "./live";
import { mayRepeat } from "./repeats";

export type UsageSource = "analytics" | "activity" | "sample" | "broadcast";

/** One line of usage of one key: of the UTC hour that begins then, or of the UTC day when OpenRouter told only the day. */
export type UsageRow = Measures & { apiKeyId: number; hour: Date; model: string | null; provider: string | null };

/** Where something could not be read: what stands booked there stays. Null = of any key, at any hour of the window. */
export type UnreadableCell = { apiKeyIds: number[] | null; hour: Date | null };
/** Where the rows are proven to be all there is, whatever could not be read elsewhere. */
export type ProvenCell = { apiKeyId: number; hour: Date };

export type Booking = {
  teamId: number;
  /** The keys whose usage in the window this is. */
  apiKeyIds: number[];
  /** Half-open, in whole UTC hours; whole days when the granularity is `day`. */
  start: Date;
  end: Date;
  granularity: "hour" | "day";
  source: UsageSource;
  rows: UsageRow[];
  /** Whether the rows are all there is: then what stands in the window and is not among them goes. */
  isComplete: boolean;
  /** The places that `isComplete` does not speak for. */
  unreadable?: UnreadableCell[];
  /** The places that an unreadable row of unknown place cannot have been. */
  proven?: ProvenCell[];
};

type Transaction = postgres.TransactionSql<{ bigint: number }>;

/**
 * Makes the window say what `rows` say: adds, changes and (when they are complete) removes, and rolls the touched days up into
 * `usage_stats`, all in one transaction. Doing it twice changes nothing. Answers the number of hourly rows that changed.
 */
export async function bookUsage(booking: Booking): Promise<number> {
  // postgres.js keeps the stack of the first transaction that asks something, and with it this function: it must not hold on to a window's rows.
  const given = [booking];
  const changes = await sql().begin((transaction) =>
    given.splice(0).map((one) => book(transaction as Transaction, one)),
  );
  return changes[0] ?? 0;
}

async function book(transaction: Transaction, booking: Booking): Promise<number> {
  const { teamId, apiKeyIds, start, end } = booking;
  // The planner knows nothing of rows that were written a moment ago and takes them for few: it would walk through all of them for each, or sort them.
  await transaction`
    select set_config('work_mem', '32MB', true), set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true),
      set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true)`;
  // One writer per key at a time: two windows of the same day must not roll it up past each other.
  await transaction`select 1 from api_keys where id = any(${apiKeyIds}::int[]) order by id for no key update`;
  const changed = await write(transaction, booking);
  await markMeasured(transaction, booking);
  if (changed === 0) return 0;
  await rollUp(transaction, { teamId, apiKeyIds, start, end });
  await transaction`update teams set data_version = data_version + 1 where id = ${teamId}`;
  return changed;
}

/**
 * Rows that are neither there nor told twice, as all of a first sync are, need no comparing and go where they belong at once; COPY fills pages where an insert
 * writes row by row.
 */
async function write(transaction: Transaction, booking: Booking): Promise<number> {
  const isRepeating = mayRepeat(booking.rows);
  if (isRepeating || !(await isEmpty(transaction, booking))) return replaceWindow(transaction, booking, isRepeating);
  if (booking.rows.length > 0) await copyUsage(transaction, "usage_hours", booking);
  return booking.rows.length;
}

const inWindow = ({ apiKeyIds, start, end }: Booking) =>
  sql()`u.api_key_id = any(${apiKeyIds}::int[]) and u.hour >= ${start.toISOString()} and u.hour < ${end.toISOString()}`;

/** In the order of the index, so that it is the index that is asked. */
async function isEmpty(transaction: Transaction, booking: Booking): Promise<boolean> {
  const rows = await transaction`
    select from usage_hours u where ${inWindow(booking)} order by u.api_key_id, u.hour limit 1`;
  return rows.length === 0;
}

/**
 * Compares the window with what is told and touches only what differs; rows that stay as they were, most of them at each sync, are not even locked. The keys'
 * lock keeps everybody else off the window. Lines of one identity (several endpoints of a provider) are added up first. What Broadcast told of the
 * window goes in any case: it is in the rows now.
 */
async function replaceWindow(transaction: Transaction, booking: Booking, isRepeating: boolean): Promise<number> {
  const { granularity, source, isComplete } = booking;
  await transaction`create temporary table told (like usage_hours including defaults) on commit drop`;
  await copyUsage(transaction, "told", booking);
  const given = isRepeating
    ? sql()`materialized (
        select team_id, api_key_id, hour, granularity, model, provider, source, ${SUMS()} from told group by 1, 2, 3, 4, 5, 6, 7)`
    : sql()`not materialized (select * from told)`;
  const same = sql()`u.api_key_id = g.api_key_id and u.hour = g.hour and coalesce(u.model, '') = coalesce(g.model, '')
    and coalesce(u.provider, '') = coalesce(g.provider, '')`;
  const [counts] = await transaction<{ changed: number }[]>`
    with given as ${given}, gone as (
      delete from usage_hours u
      where ${inWindow(booking)} and (${isComplete} and not ${isUnreadable(booking)} or u.source = 'broadcast')
        and not exists (select from given g where ${same})
      returning 1
    ), corrected as (
      update usage_hours u set granularity = ${granularity}, source = ${source}, ${assigned("g")}
      from given g
      where ${inWindow(booking)} and ${same}
        and (u.granularity, u.source, ${columnsOf("u")}) is distinct from (g.granularity, g.source, ${columnsOf("g")})
      returning 1
    ), added as (
      insert into usage_hours (team_id, api_key_id, hour, granularity, model, provider, source, ${COLUMNS()})
      select g.team_id, g.api_key_id, g.hour, g.granularity, g.model, g.provider, g.source, ${columnsOf("g")}
      from given g where not exists (select from usage_hours u where ${inWindow(booking)} and ${same})
      returning 1
    )
    select (select count(*) from gone) + (select count(*) from corrected) + (select count(*) from added) as changed`;
  return counts?.changed ?? 0;
}

const fragment = (text: string) => sql().unsafe(text);
const COLUMNS = () => fragment(MEASURE_COLUMNS.join(", "));
const SUMS = () => fragment(MEASURE_COLUMNS.map((column) => `sum(${column}) as ${column}`).join(", "));
const columnsOf = (table: string) => fragment(MEASURE_COLUMNS.map((column) => `${table}.${column}`).join(", "));
const assigned = (table: string) =>
  fragment(MEASURE_COLUMNS.map((column) => `${column} = ${table}.${column}`).join(", "));

/** Whether a row stands where the answer could not be read. */
function isUnreadable({ unreadable = [], proven = [] }: Booking) {
  if (unreadable.length === 0) return sql()`false`;
  const cells = unreadable.flatMap(({ apiKeyIds, hour }) =>
    (apiKeyIds ?? [null]).map((id) => ({ id, hour: hour?.toISOString() ?? null })),
  );
  const known = proven.map(({ apiKeyId, hour }) => ({ id: apiKeyId, hour: hour.toISOString() }));
  return sql()`exists (
    select from jsonb_to_recordset(${JSON.stringify(cells)}::jsonb) as c(id int, hour timestamptz)
    where u.api_key_id = coalesce(c.id, u.api_key_id) and u.hour = coalesce(c.hour, u.hour)
      and (c.id is not null and c.hour is not null or not exists (
        select from jsonb_to_recordset(${JSON.stringify(known)}::jsonb) as p(id int, hour timestamptz)
        where p.id = u.api_key_id and p.hour = u.hour)))`;
}

export type RollUp = { teamId: number; apiKeyIds: number[]; start: Date; end: Date };

/** Brings `usage_stats` in line with `usage_hours` for the UTC days that a window touches. */
export async function rollUp(transaction: Transaction, { teamId, apiKeyIds, start, end }: RollUp): Promise<void> {
  const from = startOfDay(start).toISOString();
  const to = addDays(startOfDay(new Date(end.getTime() - 1)), 1).toISOString();
  await transaction`
    with days as (
      select api_key_id, (hour at time zone 'UTC')::date as date, model, provider, ${SUMS()}
      from usage_hours
      where api_key_id = any(${apiKeyIds}::int[]) and hour >= ${from} and hour < ${to}
      group by 1, 2, 3, 4
    ), gone as (
      delete from usage_stats s
      where s.api_key_id = any(${apiKeyIds}::int[]) and s.date >= (${from}::timestamptz at time zone 'UTC')::date
        and s.date < (${to}::timestamptz at time zone 'UTC')::date
        and not exists (select 1 from days d where d.api_key_id = s.api_key_id and d.date = s.date
          and coalesce(d.model, '') = coalesce(s.model, '') and coalesce(d.provider, '') = coalesce(s.provider, ''))
    )
    insert into usage_stats as s (team_id, api_key_id, date, model, provider, ${COLUMNS()})
    select ${teamId}, days.* from days
    on conflict on constraint usage_stats_identity do update set ${assigned("excluded")}
    where (${columnsOf("s")}) is distinct from (${columnsOf("excluded")})`;
}
