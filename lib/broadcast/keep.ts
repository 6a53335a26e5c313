import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type postgres from "postgres";
import { sql } from "@/db/client";
import { rollUp } from "@/lib/usage/book";
import { addLive } from "@/lib/usage/live";
import type { Generation } from "./generation";

type Transaction = postgres.TransactionSql<{ bigint: number }>;

/** Whose deliveries these are. `managementKeyId` and `workspaceId` null: of any account of the team, of any workspace. */
export type Receiver = { id: number; teamId: number; managementKeyId: number | null; workspaceId: string | null };

const TRIES = 4;

/**
 * Keeps the requests of one delivery and adds those that are new to the hours, all in one transaction. Answers how many were new: a request is known by
 * its generation id, in whichever delivery and over whichever connection of the team it came.
 */
export async function keepGenerations(receiver: Receiver, generations: Generation[]): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await sql().begin((transaction) => keepIn(transaction as Transaction, receiver, generations));
    } catch (error) {
      // A body with several keys may lock them in another order than a sync that follows the account's list does.
      if ((error as { code?: unknown }).code !== "40P01" || attempt === TRIES) throw error;
      await sleep(20 * attempt);
    }
  }
}

async function keepIn(transaction: Transaction, receiver: Receiver, generations: Generation[]): Promise<number> {
  const { teamId } = receiver;
  const ids = await insertNew(transaction, receiver, generations);
  await transaction`
    update broadcast_connections set last_received_at = now()
    where id = ${receiver.id} and (last_received_at is null or last_received_at < now() - interval '5 seconds')`;
  if (ids.length === 0) return 0;
  const changed = await addLive(transaction, teamId, ids);
  if (changed) {
    await rollUp(transaction, { teamId, ...changed });
    await transaction`update teams set data_version = data_version + 1 where id = ${teamId}`;
  }
  return ids.length;
}

/**
 * One statement for all. A delivery names the key by its name alone: it is the workspace's or account's key of that name, if there is exactly one that OpenRouter still lists; else
 * the name is kept without a key. A pasted key whose name at OpenRouter is not known goes by the name it has here.
 */
async function insertNew(
  transaction: Transaction,
  { id, teamId, managementKeyId, workspaceId }: Receiver,
  generations: Generation[],
): Promise<number[]> {
  const rows = await transaction<{ id: number }[]>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(generations)}::jsonb) as g(generation_id text, started_at timestamptz, api_key_name text,
        model text, provider text, tokens_input bigint, tokens_output bigint, tokens_reasoning bigint, tokens_cached bigint, cost numeric,
        latency_ms int, first_token_ms int, finish_reason text, is_error int)
    ), named as (
      select coalesce(k.upstream_name, k.name) as name, min(k.id) as id
      from api_keys k
      where k.team_id = ${teamId} and k.kind = 'inference' and k.status <> 'deleted'
        and (${managementKeyId}::int is null or k.management_key_id = ${managementKeyId})
        and (${workspaceId}::text is null or k.workspace_id is null or k.workspace_id = ${workspaceId})
        and coalesce(k.upstream_name, k.name) in (select api_key_name from given)
      group by 1 having count(*) = 1
    )
    insert into generations (team_id, connection_id, api_key_id, api_key_name, generation_id, started_at, model, provider, tokens_input,
      tokens_output, tokens_reasoning, tokens_cached, cost, latency_ms, first_token_ms, finish_reason, is_error)
    select ${teamId}, ${id}, named.id, g.api_key_name, g.generation_id, g.started_at, g.model, g.provider, g.tokens_input, g.tokens_output,
      g.tokens_reasoning, g.tokens_cached, g.cost, g.latency_ms, g.first_token_ms, g.finish_reason, g.is_error
    from given g left join named on named.name = g.api_key_name
    order by g.generation_id
    on conflict on constraint generations_identity do nothing
    returning id`;
  return rows.map((row) => row.id);
}
