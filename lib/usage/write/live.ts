import "server-only";
import type postgres from "postgres";
import { addHours, DAY_MS } from "@/lib/base/time";

type Transaction = postgres.TransactionSql<{ bigint: number }>;
type Window = { apiKeyIds: number[]; start: Date; end: Date };

/**
 * How Broadcast and the sync share `usage_hours`, so that a request is never counted twice and, after the next sync, exactly once:
 *
 * 1. `api_keys.measured_until` parts them. A sync that books a window for a key sets it, in the same transaction, to the moment of booking (or the
 *    window's end, if that is earlier). OpenRouter's answer was read before that moment, so it cannot hold a request that began after it;
 *    whether it holds one that began before (some are late) only OpenRouter knows.
 * 2. So a delivered request is added to its hour only if it began at `measured_until` or later. One that began earlier is kept in `generations` and
 *    left to the sync, which reads the last 48 hours again each time: until then the sum may lack it, never have it twice.
 * 3. It is added once, in the transaction that first writes its row of `generations`; a duplicate writes none. Where the hour has a row of the
 *    same model and provider from a sync, it is added to that row, which then bears the source `broadcast`: no longer OpenRouter's word alone.
 * 4. A sync of the hour replaces: it overwrites rows of the same model and provider and removes the others, whatever their source, and with an answer
 *    of which some rows could not be read at least those with the source `broadcast`.
 * 5. Requests older than a day are left to the sync too, as everything that no later sync would read again must be.
 *
 * Both sides lock the key's row first, so the boundary cannot move between being read and being used.
 */
const OLDEST_ADDED = "1 day";
/** Windows that end earlier hold nothing that Broadcast could still add. */
const RECENT_MS = 2 * DAY_MS;

/** Moves the boundary of the keys up to this booking. Their rows must be locked. */
export async function markMeasured(
  transaction: Transaction,
  { apiKeyIds, end }: Pick<Window, "apiKeyIds" | "end">,
): Promise<void> {
  if (end.getTime() < Date.now() - RECENT_MS) return;
  await transaction`
    update api_keys set measured_until = greatest(measured_until, least(${end.toISOString()}::timestamptz, clock_timestamp()))
    where id = any(${apiKeyIds}::int[])`;
}

/** Removes what Broadcast told of a window. Answers the number of rows. */
export async function removeLive(transaction: Transaction, { apiKeyIds, start, end }: Window): Promise<number> {
  const result = await transaction`
    delete from usage_hours where api_key_id = any(${apiKeyIds}::int[]) and source = 'broadcast'
      and hour >= ${start.toISOString()} and hour < ${end.toISOString()}`;
  return result.count;
}

/**
 * Adds newly delivered requests to their hours, as far as no sync counts them. `written` is the part of a statement that answers their rows of `generations`; their
 * keys' rows must be locked. Answers how many there were, and the window that changed and its keys, for the roll-up, or null. Failed requests without a cost, keys
 * that are switched off and requests without a model are not added.
 */
export async function addLive(
  transaction: Transaction,
  teamId: number,
  written: postgres.Fragment,
): Promise<{ kept: number; changed: Window | null }> {
  const [row] = await transaction<{ kept: number; keys: number[] | null; first: string; last: string }[]>`
    with kept as (${written}), added as (
      insert into usage_hours as u (team_id, api_key_id, hour, granularity, model, provider, source, requests, tokens_input, tokens_output,
        tokens_reasoning, tokens_cached, cost)
      select ${teamId}, g.api_key_id, date_trunc('hour', g.started_at, 'UTC'), 'hour', g.model, g.provider, 'broadcast', count(*),
        sum(g.tokens_input), sum(g.tokens_output), sum(g.tokens_reasoning), sum(g.tokens_cached), sum(g.cost)
      from kept g join api_keys k on k.id = g.api_key_id and k.is_active
      where g.cost is not null and g.model is not null
        and g.started_at >= coalesce(k.measured_until, '-infinity') and g.started_at > now() - ${OLDEST_ADDED}::interval
      group by 2, 3, g.model, g.provider
      on conflict on constraint usage_hours_identity do update set source = 'broadcast', cost = u.cost + excluded.cost,
        requests = coalesce(u.requests, 0) + excluded.requests,
        tokens_input = coalesce(u.tokens_input + excluded.tokens_input, u.tokens_input, excluded.tokens_input),
        tokens_output = coalesce(u.tokens_output + excluded.tokens_output, u.tokens_output, excluded.tokens_output),
        tokens_reasoning = coalesce(u.tokens_reasoning + excluded.tokens_reasoning, u.tokens_reasoning, excluded.tokens_reasoning),
        tokens_cached = coalesce(u.tokens_cached + excluded.tokens_cached, u.tokens_cached, excluded.tokens_cached)
      returning api_key_id, hour
    )
    select (select count(*) from kept) as kept, array_agg(distinct api_key_id) as keys, min(hour) as first, max(hour) as last from added`;
  const changed = row?.keys && {
    apiKeyIds: row.keys,
    start: new Date(row.first),
    end: addHours(new Date(row.last), 1),
  };
  return { kept: row?.kept ?? 0, changed: changed ?? null };
}
