import "server-only";
import type postgres from "postgres";

const BATCH = 1000;

/** COPY's marks for what would end a value or a row. */
const ESCAPED: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

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
    yield { text: rows.map(toRow).join(""), rows: rows.length };
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const toRow = (values: (string | null)[]): string => `${values.map(toValue).join("\t")}\n`;
const toValue = (value: string | null): string =>
  value === null ? "\\N" : value.replace(/[\\\n\r\t]/g, (mark) => ESCAPED[mark] ?? mark);
