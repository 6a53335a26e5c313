import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type postgres from "postgres";
import { sql } from "@/db/client";
import { rollUp } from "@/lib/usage/write/ingest-usage";
import { addLive } from "@/lib/usage/write/live";
import type { Generation } from "./generation";
import { copied, copyGenerations, insertion, type OwnedGeneration } from "./write-generations";

type Transaction = postgres.TransactionSql<{ bigint: number }>;

/** Whose deliveries these are. `managementKeyId` and `workspaceId` null: of any account of the team, of any workspace. */
export type Receiver = { id: number; teamId: number; managementKeyId: number | null; workspaceId: string | null };

const TRIES = 4;
/** So many requests and more are worth a COPY of their own; below, one statement has them written sooner. */
const MANY = 50;

/**
 * Keeps the requests of one delivery and adds those that are new to the hours, all in one transaction. Answers how many were new: a request is known by
 * its generation id, in whichever delivery and over whichever connection of the team it came.
 */
export async function saveGenerations(receiver: Receiver, generations: Generation[]): Promise<number> {
  let isCopied = generations.length >= MANY;
  for (let attempt = 1; ; attempt++) {
    try {
      return await sql().begin((transaction) => keepIn(transaction as Transaction, receiver, generations, isCopied));
    } catch (error) {
      const { code } = error as { code?: unknown };
      // One is there already or comes twice: COPY refuses them all then, the statement leaves that one out.
      if (code === "23505" && isCopied) isCopied = false;
      // A body with several keys may lock them in another order than a sync that follows the account's list does.
      else if (code === "40P01" && attempt < TRIES) await sleep(20 * attempt);
      else throw error;
    }
  }
}

async function keepIn(
  transaction: Transaction,
  receiver: Receiver,
  generations: Generation[],
  isCopied: boolean,
): Promise<number> {
  const { teamId } = receiver;
  const keys = await lockKeys(transaction, receiver, generations);
  const rows = generations.map((one): OwnedGeneration => ({ ...one, api_key_id: keys.get(one.api_key_name) ?? null }));
  if (isCopied) await copyGenerations(transaction, receiver, rows);
  const written = isCopied ? copied(transaction, teamId) : insertion(transaction, receiver, rows);
  const { kept, changed } = await addLive(transaction, teamId, written);
  await transaction`
    update broadcast_connections set last_received_at = now()
    where id = ${receiver.id} and (last_received_at is null or last_received_at < now() - interval '5 seconds')`;
  if (changed) {
    await rollUp(transaction, { teamId, ...changed });
    await transaction`update teams set data_version = data_version + 1 where id = ${teamId}`;
  }
  return kept;
}

/**
 * The keys by the names that a delivery tells, which is all it tells of them: a name means the workspace's or account's key of that name, if there is exactly one that
 * OpenRouter still lists; else the name is kept without a key. A pasted key whose name at OpenRouter is not known goes by the name it has here.
 */
async function lockKeys(
  transaction: Transaction,
  { teamId, managementKeyId, workspaceId }: Receiver,
  generations: Generation[],
): Promise<Map<string | null, number>> {
  const names = [...new Set(generations.map((generation) => generation.api_key_name))];
  const rows = await transaction<{ id: number; name: string }[]>`
    select id, coalesce(upstream_name, name) as name from api_keys where id in (
      select min(k.id) from api_keys k
      where k.team_id = ${teamId} and k.kind = 'inference' and k.status <> 'deleted'
        and (${managementKeyId}::int is null or k.management_key_id = ${managementKeyId})
        and (${workspaceId}::text is null or k.workspace_id is null or k.workspace_id = ${workspaceId})
        and coalesce(k.upstream_name, k.name) = any(${names}::text[])
      group by coalesce(k.upstream_name, k.name) having count(*) = 1)
    order by id for no key update`;
  return new Map(rows.map((row) => [row.name, row.id]));
}
