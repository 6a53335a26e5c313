import "server-only";
import { sql } from "@/db/client";
import type { TeamReader } from "@/lib/access/viewer";
import type { Money } from "@/lib/base/money";
import { COUNTERS } from "./counters";
import { exposeCounters } from "./expose";
import type { Family } from "./exposition";

type Key = {
  id: number;
  name: string;
  is_active: boolean;
  credit_limit: Money | null;
  limit_remaining: Money | null;
  synced: string | null;
};

/**
 * A team's counters per key and model, and the state of its keys. Each counter's series add up to the team's total: see
 * `exposeCounters`. A sample that was never reported has the value null.
 */
export async function readMetrics(viewer: TeamReader): Promise<Family[]> {
  const [series, keys] = await Promise.all([
    exposeCounters(viewer.teamId),
    sql()<Key[]>`
      select id, name, is_active, credit_limit, limit_remaining, trunc(extract(epoch from last_synced_at))::text as synced
      from api_keys where team_id = ${viewer.teamId} order by id`,
  ]);
  const counters = COUNTERS.map(
    ({ name, help, column }): Family => ({
      name: `openrouter_${name}`,
      type: "counter",
      help,
      samples: series.map((line) => ({
        labels: {
          api_key_id: String(line.api_key_id),
          api_key: line.api_key_name,
          model: line.model ?? "",
          ...(line.restarts > 0 && { restart: String(line.restarts) }),
        },
        value: line[column] ?? null,
      })),
    }),
  );
  const gauge = (name: string, help: string, read: (key: Key) => string | number | null): Family => ({
    name: `openrouter_key_${name}`,
    type: "gauge",
    help,
    samples: keys.map((key) => ({ labels: { api_key_id: String(key.id), api_key: key.name }, value: read(key) })),
  });
  return [
    ...counters,
    gauge("active", "Whether the key is being watched.", (key) => Number(key.is_active)),
    gauge("limit_usd", "Credit limit of the key in US dollars.", (key) => key.credit_limit),
    gauge("limit_remaining_usd", "What is left of the limit in US dollars.", (key) => key.limit_remaining),
    gauge("last_sync_timestamp_seconds", "When usage was last read from OpenRouter.", (key) => key.synced),
  ];
}
