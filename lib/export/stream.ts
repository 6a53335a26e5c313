import "server-only";
import { Readable } from "node:stream";
import { stringify } from "csv-stringify";

export type ExportFormat = "csv" | "json" | "ndjson";
type Value = string | number | null;
type ExportedRow<C extends string> = Record<C, Value>;

const MEDIA: Record<ExportFormat, string> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  ndjson: "application/x-ndjson",
};

export const EXPORT_MEDIA = Object.values(MEDIA).map((type) => type.split(";")[0] ?? type);

type Options<C extends string> = {
  columns: readonly C[];
  /** Columns that hold a decimal number as text and leave as a number, digit by digit. */
  exactNumbers: readonly C[];
  format: ExportFormat;
  /** File name of the attachment: ASCII, no quotes. */
  name: string;
};

/** Rows as a streamed attachment. Nobody reads on: the source is closed. */
export function exportStream<C extends string>(source: AsyncIterable<ExportedRow<C>[]>, options: Options<C>): Response {
  const { format, name } = options;
  const text = format === "csv" ? csv(source, options) : Readable.from(jsonLines(source, options));
  return new Response(Readable.toWeb(text) as ReadableStream<Uint8Array>, {
    headers: {
      "Content-Type": MEDIA[format],
      "Content-Disposition": `attachment; filename="${name}"`,
      "Cache-Control": "no-store",
    },
  });
}

async function* single<T>(chunks: AsyncIterable<T[]>): AsyncGenerator<T> {
  for await (const chunk of chunks) yield* chunk;
}

/** Cells that a spreadsheet would take for a formula get an apostrophe in front. */
function csv<C extends string>(source: AsyncIterable<ExportedRow<C>[]>, { columns }: Options<C>): Readable {
  const lines = stringify({ header: true, columns: [...columns], escape_formulas: true, record_delimiter: "windows" });
  const rows = Readable.from(single(source));
  rows.on("error", (error) => lines.destroy(error));
  lines.on("close", () => rows.destroy());
  return rows.pipe(lines);
}

async function* jsonLines<C extends string>(
  source: AsyncIterable<ExportedRow<C>[]>,
  options: Options<C>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const isArray = options.format === "json";
  let isFirst = true;
  for await (const chunk of source) {
    const lines = chunk.map((row) => jsonLine(row, options));
    const between = isArray ? ",\n" : "\n";
    const before = isArray ? (isFirst ? "[\n" : between) : "";
    yield encoder.encode(before + lines.join(between) + (isArray ? "" : "\n"));
    isFirst = false;
  }
  if (isArray) yield encoder.encode(isFirst ? "[]\n" : "\n]\n");
}

function jsonLine<C extends string>(row: ExportedRow<C>, { columns, exactNumbers }: Options<C>): string {
  const fields = columns.map((column) => {
    const value = row[column];
    return `${JSON.stringify(column)}:${exactNumbers.includes(column) && value !== null ? value : JSON.stringify(value)}`;
  });
  return `{${fields.join(",")}}`;
}
