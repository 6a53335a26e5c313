import "server-only";
import { stringify } from "csv-stringify/sync";
import { plainDecimal } from "./decimal";
import { DECIMALS, type FileOptions, SEPARATORS } from "./schema";
import { type Column, isNumeric, type Table, type Value } from "./table";

/** What a spreadsheet takes for the start of a formula, in full width too. */
const FORMULA = /^[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]/;

/**
 * Writes a table as CSV (RFC 4180), chunk by chunk. Text that a spreadsheet would run as a formula gets an apostrophe
 * in front; numbers stay numbers.
 */
export async function* csvLines(
  { columns, rows }: Table,
  { bom = false, separator = "comma", decimal = "point" }: FileOptions,
): AsyncGenerator<Buffer> {
  // The library quotes cells that hold its own line break only; a lone CR or LF would break the row as well.
  const dialect = {
    delimiter: SEPARATORS[separator],
    record_delimiter: "windows",
    quoted_match: /[\r\n]/,
  } as const;
  const mark = DECIMALS[decimal];
  yield Buffer.from(stringify([columns.map(({ name }) => name)], { ...dialect, bom }));
  for await (const chunk of rows) {
    const cells = chunk.map((row) => columns.map((column) => cellText(row[column.name] ?? null, column, mark)));
    yield Buffer.from(stringify(cells, dialect));
  }
}

function cellText(value: Value, column: Column, mark: string): string {
  if (value === null) return "";
  if (isNumeric(column)) return plainDecimal(value).replace(".", mark);
  const text = String(value);
  return column.type === "text" && FORMULA.test(text) ? `'${text}` : text;
}
