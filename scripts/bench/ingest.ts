import { sql } from "@/db/client";
import type { Generation } from "@/lib/broadcast/generation";
import { saveGenerations } from "@/lib/broadcast/save-generations";
import { seconds, timeBareCopy } from "./bare-copy";
import type { SeededTeam } from "./seed";
import { median } from "./table";

/** A request takes 4.3 kB of a delivery and more with its texts, and a body may have 20 MB: this is what a full one holds. */
const REQUESTS = 4000;
const DELIVERIES = 5;
const SECOND_MS = 1000;

export type Ingested = { ingest: number; copy: number };

/**
 * Requests per second: full deliveries of Broadcast, from what was read of their bodies to the commit, against COPY of the same rows into a table without
 * indexes. All of one team, over one connection to the database.
 */
export async function timeIngest(url: string, team: SeededTeam): Promise<Ingested> {
  const [connection] = await sql()<{ id: number }[]>`
    insert into broadcast_connections (team_id, name, secret_hash) values (${team.teamId}, 'Bench', 'none') returning id`;
  const receiver = { id: connection?.id ?? 0, teamId: team.teamId, managementKeyId: null, workspaceId: null };
  const ingests: number[] = [];
  const copies: number[] = [];
  for (let delivery = 0; delivery < DELIVERIES; delivery++) {
    const requests = requestsOf(delivery);
    copies.push(REQUESTS / (await timeBareCopy(url, bare(receiver, requests))));
    const took = await seconds(async () => {
      const kept = await saveGenerations(receiver, requests);
      if (kept !== REQUESTS) throw new Error(`${kept} of ${REQUESTS} requests were new`);
    });
    ingests.push(REQUESTS / took);
  }
  return { ingest: median(ingests), copy: median(copies) };
}

/** One a second up to now, of the team's three keys by the names they were seeded with. */
function requestsOf(delivery: number): Generation[] {
  const end = Date.now();
  return Array.from({ length: REQUESTS }, (_, index) => ({
    generation_id: `gen-${1_700_000_000 + delivery * REQUESTS + index}-${((index * 7919) % REQUESTS).toString(36).padStart(20, "x")}`,
    started_at: new Date(end - (REQUESTS - index) * SECOND_MS).toISOString(),
    api_key_name: `Key ${(index % 3) + 1}`,
    model: `author/model-${index % 20}`,
    provider: "Provider",
    tokens_input: 1000 + index,
    tokens_output: 200,
    tokens_reasoning: null,
    tokens_cached: 0,
    cost: "0.00123",
    latency_ms: 1000 + index,
    first_token_ms: 300,
    finish_reason: "stop",
    is_error: 0,
  }));
}

const bare = (owner: { id: number; teamId: number }, rows: Generation[]) => ({
  like: "generations" as const,
  columns: `id, team_id, connection_id, api_key_id, api_key_name, generation_id, started_at, received_at, model, provider, tokens_input, tokens_output,
    tokens_cached, cost, latency_ms, first_token_ms, finish_reason, is_error`,
  rows,
  lineOf: (one: Generation, index: number) =>
    `${index}\t${owner.teamId}\t${owner.id}\t1\t${one.api_key_name}\t${one.generation_id}\t${one.started_at}\t${one.started_at}\t${one.model}\t${one.provider}\t${one.tokens_input}\t${one.tokens_output}\t${one.tokens_cached}\t${one.cost}\t${one.latency_ms}\t${one.first_token_ms}\t${one.finish_reason}\t${one.is_error}`,
});
