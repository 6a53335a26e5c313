import "server-only";
import type postgres from "postgres";
import { copyIn } from "@/db/copy-in";
import { copyLine } from "@/db/copy-text";
import { storableJson } from "@/lib/base/text";
import type { Generation } from "./generation";

type Transaction = postgres.TransactionSql<{ bigint: number }>;
/** A request and the key of the team that it is of, where that is known. */
export type OwnedGeneration = Generation & { api_key_id: number | null };
type Owner = { id: number; teamId: number };

/** How many rows go over the line at once. */
const CHUNK = 500;

const TYPES = {
  generation_id: "text",
  started_at: "timestamptz",
  api_key_id: "int",
  api_key_name: "text",
  model: "text",
  provider: "text",
  tokens_input: "bigint",
  tokens_output: "bigint",
  tokens_reasoning: "bigint",
  tokens_cached: "bigint",
  cost: "numeric",
  latency_ms: "int",
  first_token_ms: "int",
  finish_reason: "text",
  is_error: "int",
} as const satisfies Record<keyof OwnedGeneration, string>;
const COLUMNS = Object.keys(TYPES) as (keyof OwnedGeneration)[];
const COLUMN_LIST = COLUMNS.join(", ");
const TYPED_LIST = Object.entries(TYPES)
  .map((column) => column.join(" "))
  .join(", ");

/** The part of a statement that writes those that are not there yet and answers them: with what follows from it, one trip to the database. */
export function insertion(transaction: Transaction, { id, teamId }: Owner, rows: OwnedGeneration[]): postgres.Fragment {
  const columns = transaction.unsafe(COLUMN_LIST);
  return transaction`
    insert into generations (team_id, connection_id, ${columns})
    select ${teamId}, ${id}, ${columns} from jsonb_to_recordset(${storableJson(rows)}::jsonb) as g(${transaction.unsafe(TYPED_LIST)})
    order by generation_id
    on conflict on constraint generations_identity do nothing
    returning *`;
}

/** Writes many where they belong at once, which takes half as long. Throws (23505) when one of them is there already, or comes twice. */
export async function copyGenerations(transaction: Transaction, owner: Owner, rows: OwnedGeneration[]): Promise<void> {
  // The planner knows nothing of rows that were written a moment ago and takes them for few: it would look the key up for each, and sort them.
  await transaction`select set_config('enable_nestloop', 'off', true), set_config('enable_sort', 'off', true)`;
  const statement = transaction`
    copy generations (team_id, connection_id, ${transaction.unsafe(COLUMN_LIST)}) from stdin`;
  await copyIn(statement, chunksOf(owner, rows));
}

/** What this transaction has copied; `received_at` is when the transaction began, and only finds them soon. */
export const copied = (transaction: Transaction, teamId: number): postgres.Fragment => transaction`
  select * from generations where team_id = ${teamId} and received_at = now() and xmin = pg_current_xact_id()::xid`;

/** In the order of the index, which is also one in which two deliveries of the same requests cannot wait for each other. */
function* chunksOf({ id, teamId }: Owner, rows: OwnedGeneration[]): Generator<string> {
  const sorted = rows.toSorted((a, b) => (a.generation_id < b.generation_id ? -1 : 1));
  for (let from = 0; from < sorted.length; from += CHUNK) {
    yield sorted
      .slice(from, from + CHUNK)
      .map((row) => copyLine([teamId, id, ...COLUMNS.map((column) => row[column])]))
      .join("");
  }
}
