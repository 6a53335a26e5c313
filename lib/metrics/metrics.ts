import "server-only";
import { sql } from "@/db/client";
import type { TeamReader } from "@/lib/auth/viewer";
import type { Money } from "@/lib/money";
import type { Family } from "./exposition";

type Counted = {
  api_key_id: number;
  api_key_name: string;
  model: string | null;
  requests: number | null;
  tokens_input: number | null;
  tokens_output: number | null;
  cost: Money;
};

type Key = {
  id: number;
  name: string;
  is_active: boolean;
  credit_limit: Money | null;
  limit_remaining: Money | null;
  synced: string | null;
};

/** A team's counters per key and model, and the state of its keys. Counters never go down while a key lives. */
export async function readMetrics(viewer: TeamReader): Promise<Family[]> {
  const [counted, keys] = await Promise.all([
    readCounters(viewer),
    sql()<Key[]>`
      select id, name, is_active, credit_limit, limit_remaining, trunc(extract(epoch from last_synced_at))::text as synced
      from api_keys where team_id = ${viewer.teamId} order by id`,
  ]);
  const counter = (name: string, help: string, read: (line: Counted) => string | number | null): Family => ({
    name: `openrouter_${name}`,
    type: "counter",
    help,
    samples: counted.map((line) => ({
      labels: { api_key_id: String(line.api_key_id), api_key: line.api_key_name, model: line.model ?? "" },
      value: read(line),
    })),
  });
  const gauge = (name: string, help: string, read: (key: Key) => string | number | null): Family => ({
    name: `openrouter_key_${name}`,
    type: "gauge",
    help,
    samples: keys.map((key) => ({ labels: { api_key_id: String(key.id), api_key: key.name }, value: read(key) })),
  });
  return [
    counter("requests", "Requests.", (line) => line.requests),
    counter("tokens_input", "Input tokens.", (line) => line.tokens_input),
    counter("tokens_output", "Output tokens.", (line) => line.tokens_output),
    counter("cost_usd", "Cost in US dollars.", (line) => line.cost),
    gauge("active", "Whether the key is being watched.", (key) => Number(key.is_active)),
    gauge("limit_usd", "Credit limit of the key in US dollars.", (key) => key.credit_limit),
    gauge("limit_remaining_usd", "What is left of the limit in US dollars.", (key) => key.limit_remaining),
    gauge("last_sync_timestamp_seconds", "When usage was last read from OpenRouter.", (key) => key.synced),
  ];
}

/**
 * Sums per month, each the greatest that was ever told: a correction that takes usage back and retention that deletes it leave the
 * counter where it stood, and what comes later is still added. Both are read and kept in one statement.
 */
function readCounters(viewer: TeamReader): Promise<Counted[]> {
  return sql()<Counted[]>`
    with sums as (
      select api_key_id, model, date_trunc('month', date)::date as month, sum(requests)::bigint as requests,
        sum(tokens_input)::bigint as tokens_input, sum(tokens_output)::bigint as tokens_output, sum(cost) as cost
      from usage_stats where team_id = ${viewer.teamId} group by 1, 2, 3
      union all
      select api_key_id, model, month, requests, tokens_input, tokens_output, cost
      from metric_months where team_id = ${viewer.teamId}
    ), most as (
      select api_key_id, model, month, max(requests) as requests, max(tokens_input) as tokens_input,
        max(tokens_output) as tokens_output, max(cost) as cost
      from sums group by 1, 2, 3
    ), kept as (
      insert into metric_months as m (team_id, api_key_id, model, month, requests, tokens_input, tokens_output, cost)
      select ${viewer.teamId}, most.* from most order by api_key_id, model, month
      on conflict on constraint metric_months_identity do update set
        requests = greatest(m.requests, excluded.requests), tokens_input = greatest(m.tokens_input, excluded.tokens_input),
        tokens_output = greatest(m.tokens_output, excluded.tokens_output), cost = greatest(m.cost, excluded.cost)
      where (m.requests, m.tokens_input, m.tokens_output, m.cost)
        is distinct from (excluded.requests, excluded.tokens_input, excluded.tokens_output, excluded.cost)
    )
    select api_key_id, keys.name as api_key_name, model, sum(requests)::bigint as requests,
      sum(tokens_input)::bigint as tokens_input, sum(tokens_output)::bigint as tokens_output, sum(cost)::text as cost
    from most join api_keys keys on keys.id = api_key_id
    group by 1, 2, 3 order by 1, 3`;
}
