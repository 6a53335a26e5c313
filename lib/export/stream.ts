import "server-only";
import { Readable } from "node:stream";
import { stringify } from "csv-stringify/sync";
import type { ExportFormat } from "@/lib/usage/columns";
import { type Cell, workbookStream } from "./workbook";

type Value = string | number | null;
type ExportedRow<C extends string> = Record<C, Value>;

const MEDIA: Record<ExportFormat, string> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  ndjson: "application/x-ndjson",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
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
  const file = FILE[format](source, options);
  return new Response(Readable.toWeb(file) as ReadableStream<Uint8Array>, {
    headers: {
      "Content-Type": MEDIA[format],
      "Content-Disposition": `attachment; filename="${name}"`,
      "Cache-Control": "no-store",
    },
  });
}

type Writer = <C extends string>(source: AsyncIterable<ExportedRow<C>[]>, options: Options<C>) => Readable;

const json: Writer = (source, options) => Readable.from(jsonLines(source, options));

const xlsx: Writer = (source, options) => workbookStream(options.columns, cells(source, options));

async function* single<T>(chunks: AsyncIterable<T[]>): AsyncGenerator<T> {
  for await (const chunk of chunks) yield* chunk;
}

const csv: Writer = (source, options) => Readable.from(csvLines(source, options), { objectMode: false });

/** Cells that a spreadsheet would take for a formula get an apostrophe in front. */
async function* csvLines<C extends string>(
  source: AsyncIterable<ExportedRow<C>[]>,
  { columns }: Options<C>,
): AsyncGenerator<Buffer> {
  const lines = (rows: ExportedRow<C>[], header: boolean) =>
    Buffer.from(stringify(rows, { header, columns: [...columns], escape_formulas: true, record_delimiter: "windows" }));
  yield lines([], true);
  for await (const chunk of source) yield lines(chunk, false);
}

const FILE: Record<ExportFormat, Writer> = { csv, json, ndjson: json, xlsx };

async function* cells<C extends string>(
  source: AsyncIterable<ExportedRow<C>[]>,
  { columns, exactNumbers }: Options<C>,
): AsyncGenerator<Cell[]> {
  for await (const row of single(source)) {
    yield columns.map((column) => {
      const value = row[column];
      if (value === null) return null;
      return typeof value === "number" || exactNumbers.includes(column)
        ? { number: String(value) }
        : { text: String(value) };
    });
  }
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
