import "server-only";
import type postgres from "postgres";
import { copyLine } from "@/db/copy-text";

const BATCH = 1000;

/**
 * A table's rows as PostgreSQL's COPY text, in batches. Read through a cursor: a COPY that postgres.js streams out stops for ever when its last rows arrive faster
 * than they are taken.
 */
export async function* readRows(
  transaction: postgres.TransactionSql,
  table: string,
  columns: string[],
): AsyncGenerator<{ text: string; rows: number }> {
  const asText = columns.map((name) => `${quoted(name)}::text`).join(", ");
  const batches = transaction
    .unsafe(`select ${asText} from ${quoted(table)}`, [])
    .values()
    .cursor(BATCH);
  for await (const rows of batches as AsyncIterable<(string | null)[][]>)
    yield { text: rows.map(copyLine).join(""), rows: rows.length };
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
