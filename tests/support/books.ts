import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { getSyncRun, requestSync } from "@/lib/sync/runs";
import { settleRuns } from "@/lib/sync/worker";
import type { World } from "@/simulator/world/world";

/** Sums to compare: counts to the unit, USD to 1e-8. */
export type Books = { requests: number; input: number; output: number; cost: string };

const usd = (text: unknown): string => Number(text).toFixed(8);

/** What the product has booked for a team, or for one key of it, by hours and by days; both must agree. */
export async function booked(viewer: Pick<Viewer, "teamId">, hash: string | null = null): Promise<Books> {
  const [hours, days] = await Promise.all([sumOf("usage_hours", viewer, hash), sumOf("usage_stats", viewer, hash)]);
  if (JSON.stringify(hours) !== JSON.stringify(days)) {
    throw new Error(`The roll-up differs: ${JSON.stringify(hours)} in hours, ${JSON.stringify(days)} in days`);
  }
  return hours;
}

async function sumOf(
  table: "usage_hours" | "usage_stats",
  { teamId }: Pick<Viewer, "teamId">,
  hash: string | null,
): Promise<Books> {
  const [row] = await sql()<{ requests: number; input: number; output: number; cost: string }[]>`
    select coalesce(sum(u.requests), 0)::int as requests, coalesce(sum(u.tokens_input), 0)::int8 as input,
      coalesce(sum(u.tokens_output), 0)::int8 as output, coalesce(sum(u.cost), 0) as cost
    from ${sql()(table)} u join api_keys k on k.id = u.api_key_id
    where u.team_id = ${teamId} and (${hash}::text is null or k.hash = ${hash})`;
  return { requests: row?.requests ?? 0, input: row?.input ?? 0, output: row?.output ?? 0, cost: usd(row?.cost) };
}

/** What OpenRouter's own books say. */
export function truth(world: World, query: Parameters<World["ledger"]>[0] = {}): Books {
  const { requests, tokensPrompt, tokensCompletion, cost } = world.ledger(query);
  return { requests, input: tokensPrompt, output: tokensCompletion, cost: usd(cost) };
}

/** Starts a sync and waits for its end. */
export async function syncNow(viewer: Viewer, keyId?: number) {
  const { run_id } = await requestSync(viewer, { key_id: keyId });
  await settleRuns();
  return getSyncRun(viewer, { run_id });
}

/** The row of a team's key by its OpenRouter hash. */
export async function keyRow(viewer: Pick<Viewer, "teamId">, hash: string) {
  const [row] = await sql()`
    select c.*, k.* from api_keys k left join key_counters c on c.api_key_id = k.id
    where k.team_id = ${viewer.teamId} and k.hash = ${hash}`;
  if (!row) throw new Error(`The team has no key ${hash}`);
  return row;
}
