import "server-only";
import { Readable } from "node:stream";
import { csvLines } from "./csv";
import { jsonArray, jsonLines } from "./json";
import type { FileOptions } from "./schema";
import type { Table } from "./table";
import { workbookStream } from "./workbook";

/** A file that is written while it is read. Destroying the stream closes the source of its rows. */
export type ExportedFile = { name: string; media: string; stream: Readable };

type Format = { media: string; write: (table: Table, options: FileOptions) => Readable };

const bytes = (chunks: AsyncIterable<Buffer>): Readable => Readable.from(chunks, { objectMode: false });

const FORMATS: Record<FileOptions["format"], Format> = {
  csv: { media: "text/csv; charset=utf-8", write: (table, options) => bytes(csvLines(table, options)) },
  json: { media: "application/json", write: (table) => bytes(jsonArray(table)) },
  ndjson: { media: "application/x-ndjson", write: (table) => bytes(jsonLines(table)) },
  xlsx: { media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write: workbookStream },
};

/** The media types of all formats, without parameters. */
export const EXPORT_MEDIA = Object.values(FORMATS).map(({ media }) => media.split(";")[0] ?? media);

/** Writes a table as a file; `name` comes without its ending: ASCII, no quotes. */
export function exportFile(table: Table, name: string, options: FileOptions): ExportedFile {
  const { media, write } = FORMATS[options.format];
  return { name: `${name}.${options.format}`, media, stream: write(table, options) };
}
