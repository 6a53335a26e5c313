import "server-only";
import { plainDecimal } from "./decimal";
import { type Column, isNumeric, type Row, type Table, type Value } from "./table";

/** Writes a table as one JSON array of objects, chunk by chunk. */
export async function* jsonArray({ columns, rows }: Table): AsyncGenerator<Buffer> {
  let before = "[\n";
  for await (const chunk of rows) {
    yield Buffer.from(before + chunk.map((row) => objectText(row, columns)).join(",\n"));
    before = ",\n";
  }
  yield Buffer.from(before === "[\n" ? "[]\n" : "\n]\n");
}

/** Writes a table as JSON objects, one a line, chunk by chunk. */
export async function* jsonLines({ columns, rows }: Table): AsyncGenerator<Buffer> {
  for await (const chunk of rows) yield Buffer.from(chunk.map((row) => `${objectText(row, columns)}\n`).join(""));
}

const objectText = (row: Row, columns: readonly Column[]): string =>
  `{${columns.map((column) => `${JSON.stringify(column.name)}:${valueText(row[column.name] ?? null, column)}`).join(",")}}`;

function valueText(value: Value, column: Column): string {
  if (value === null) return "null";
  if (isNumeric(column)) return plainDecimal(value);
  return column.type === "json" ? String(value) : JSON.stringify(value);
}
