import "server-only";
import type postgres from "postgres";
import { sql } from "@/db/client";
import { addDays, startOfDay } from "@/lib/time";
import { markMeasured, removeLive } from "./live";

export type UsageSource = "analytics" | "activity" | "sample" | "broadcast";

/** One line of usage of one key. `cost` and `byokCost` are exact decimal USD; null = not reported. */
export type UsageRow = {
  apiKeyId: number;
  /** Start of the UTC hour, or of the UTC day when OpenRouter told only the day. */
  hour: Date;
  model: string | null;
  provider: string | null;
  requests: number | null;
  tokensInput: number | null;
  tokensOutput: number | null;
  tokensReasoning: number | null;
  tokensCached: number | null;
  cost: string;
  byokCost: string | null;
};

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
};

type Transaction = postgres.TransactionSql<{ bigint: number }>;

/**
 * Makes the window say what `rows` say: adds, changes and (when they are complete) removes, and rolls the touched days up into
 * `usage_stats`, all in one transaction. Doing it twice changes nothing. Answers the number of hourly rows that changed.
 */
export async function bookUsage(booking: Booking): Promise<number> {
  return sql().begin((transaction) => bookIn(transaction as Transaction, booking));
}

/** The same inside a transaction of the caller's. */
export async function bookIn(transaction: Transaction, booking: Booking): Promise<number> {
  const { teamId, apiKeyIds } = booking;
  // One writer per key at a time: two windows of the same day must not roll it up past each other.
  await transaction`select 1 from api_keys where id = any(${apiKeyIds}::int[]) order by id for no key update`;
  const written = await upsert(transaction, booking);
  // What Broadcast told of the window goes in any case: it is in the rows now.
  const removed = booking.isComplete
    ? await removeOthers(transaction, booking)
    : await removeLive(transaction, booking);
  await markMeasured(transaction, booking);
  if (written + removed === 0) return 0;
  await rollUp(transaction, { teamId, apiKeyIds, start: booking.start, end: booking.end });
  await transaction`update teams set data_version = data_version + 1 where id = ${teamId}`;
  return written + removed;
}

/** Columns as arrays: one statement however many rows. Lines of one identity (several endpoints of a provider) are added up first. */
async function upsert(transaction: Transaction, { teamId, granularity, source, rows }: Booking): Promise<number> {
  if (rows.length === 0) return 0;
  const column = <K extends keyof UsageRow>(name: K) => rows.map((row) => row[name]);
  const text = (values: (string | number | null)[]) => values.map((value) => (value === null ? null : String(value)));
  const result = await transaction`
    insert into usage_hours as u (team_id, api_key_id, hour, granularity, model, provider, source, requests, tokens_input, tokens_output,
      tokens_reasoning, tokens_cached, cost, byok_cost)
    select ${teamId}, api_key_id, hour, ${granularity}, model, provider, ${source}, sum(requests), sum(tokens_input), sum(tokens_output),
      sum(tokens_reasoning), sum(tokens_cached), sum(cost), sum(byok_cost)
    from unnest(
      ${column("apiKeyId")}::int[], ${rows.map((row) => row.hour.toISOString())}::text[]::timestamptz[],
      ${column("model")}::text[], ${column("provider")}::text[],
      ${text(column("requests"))}::bigint[], ${text(column("tokensInput"))}::bigint[], ${text(column("tokensOutput"))}::bigint[],
      ${text(column("tokensReasoning"))}::bigint[], ${text(column("tokensCached"))}::bigint[],
      ${column("cost")}::text[]::numeric[], ${column("byokCost")}::text[]::numeric[]
    ) as given(api_key_id, hour, model, provider, requests, tokens_input, tokens_output, tokens_reasoning, tokens_cached, cost, byok_cost)
    group by api_key_id, hour, model, provider
    on conflict on constraint usage_hours_identity do update set
      granularity = excluded.granularity, source = excluded.source, requests = excluded.requests, tokens_input = excluded.tokens_input,
      tokens_output = excluded.tokens_output, tokens_reasoning = excluded.tokens_reasoning, tokens_cached = excluded.tokens_cached,
      cost = excluded.cost, byok_cost = excluded.byok_cost
    where (u.granularity, u.source, u.requests, u.tokens_input, u.tokens_output, u.tokens_reasoning, u.tokens_cached, u.cost, u.byok_cost)
      is distinct from (excluded.granularity, excluded.source, excluded.requests, excluded.tokens_input, excluded.tokens_output,
        excluded.tokens_reasoning, excluded.tokens_cached, excluded.cost, excluded.byok_cost)`;
  return result.count;
}

async function removeOthers(transaction: Transaction, { apiKeyIds, start, end, rows }: Booking): Promise<number> {
  const result = await transaction`
    delete from usage_hours u
    where u.api_key_id = any(${apiKeyIds}::int[]) and u.hour >= ${start.toISOString()} and u.hour < ${end.toISOString()}
      and not exists (
        select 1 from unnest(
          ${rows.map((row) => row.apiKeyId)}::int[], ${rows.map((row) => row.hour.toISOString())}::text[]::timestamptz[],
          ${rows.map((row) => row.model)}::text[], ${rows.map((row) => row.provider)}::text[]
        ) as given(api_key_id, hour, model, provider)
        where given.api_key_id = u.api_key_id and given.hour = u.hour
          and given.model is not distinct from u.model and given.provider is not distinct from u.provider
      )`;
  return result.count;
}

export type RollUp = { teamId: number; apiKeyIds: number[]; start: Date; end: Date };

/** Brings `usage_stats` in line with `usage_hours` for the UTC days that a window touches. */
export async function rollUp(transaction: Transaction, { teamId, apiKeyIds, start, end }: RollUp): Promise<void> {
  const from = startOfDay(start).toISOString();
  const to = addDays(startOfDay(new Date(end.getTime() - 1)), 1).toISOString();
  await transaction`
    with days as (
      select api_key_id, (hour at time zone 'UTC')::date as date, model, provider, sum(requests) as requests,
        sum(tokens_input) as tokens_input, sum(tokens_output) as tokens_output, sum(tokens_reasoning) as tokens_reasoning,
        sum(tokens_cached) as tokens_cached, sum(cost) as cost, sum(byok_cost) as byok_cost
      from usage_hours
      where api_key_id = any(${apiKeyIds}::int[]) and hour >= ${from} and hour < ${to}
      group by 1, 2, 3, 4
    ), gone as (
      delete from usage_stats s
      where s.api_key_id = any(${apiKeyIds}::int[]) and s.date >= (${from}::timestamptz at time zone 'UTC')::date
        and s.date < (${to}::timestamptz at time zone 'UTC')::date
        and not exists (select 1 from days d where d.api_key_id = s.api_key_id and d.date = s.date
          and d.model is not distinct from s.model and d.provider is not distinct from s.provider)
    )
    insert into usage_stats as s (team_id, api_key_id, date, model, provider, requests, tokens_input, tokens_output, tokens_reasoning,
      tokens_cached, cost, byok_cost)
    select ${teamId}, days.* from days
    on conflict on constraint usage_stats_identity do update set
      requests = excluded.requests, tokens_input = excluded.tokens_input, tokens_output = excluded.tokens_output,
      tokens_reasoning = excluded.tokens_reasoning, tokens_cached = excluded.tokens_cached, cost = excluded.cost,
      byok_cost = excluded.byok_cost
    where (s.requests, s.tokens_input, s.tokens_output, s.tokens_reasoning, s.tokens_cached, s.cost, s.byok_cost)
      is distinct from (excluded.requests, excluded.tokens_input, excluded.tokens_output, excluded.tokens_reasoning,
        excluded.tokens_cached, excluded.cost, excluded.byok_cost)`;
}
