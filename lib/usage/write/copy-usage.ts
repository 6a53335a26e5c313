import "server-only";
import type postgres from "postgres";
import { copyIn } from "@/db/copy-in";
import { copyLine } from "@/db/copy-text";
import { MEASURE_COLUMNS, MEASURES } from "@/lib/usage/measures";
import type { Booking, UsageRow } from "./ingest-usage";

/** How many rows go over the line at once. */
const CHUNK = 1000;

/** Writes the rows of a booking into `usage_hours` or a table like it. COPY takes them several times faster than a statement's parameters. */
export async function copyUsage(
  transaction: postgres.TransactionSql<{ bigint: number }>,
  table: string,
  booking: Booking,
): Promise<void> {
  const statement = transaction`
    copy ${transaction(table)} (team_id, api_key_id, hour, granularity, model, provider, source,
      ${transaction.unsafe(MEASURE_COLUMNS.join(", "))}) from stdin`;
  await copyIn(statement, chunksOf(booking));
}

function* chunksOf({ teamId, granularity, source, rows }: Booking): Generator<string> {
  const hours = new Map<number, string>();
  const toLine = (row: UsageRow): string =>
    copyLine([
      teamId,
      row.apiKeyId,
      hourText(row.hour, hours),
      granularity,
      row.model || null,
      row.provider || null,
      source,
      ...MEASURES.map(({ name }) => row[name]),
    ]);
  for (let from = 0; from < rows.length; from += CHUNK) {
    yield rows
      .slice(from, from + CHUNK)
      .map(toLine)
      .join("");
  }
}

/** A window has few hours and many rows of each, and writing a time out takes half as long as the whole line. */
function hourText(hour: Date, known: Map<number, string>): string {
  const time = hour.getTime();
  const text = known.get(time) ?? hour.toISOString();
  known.set(time, text);
  return text;
}
