/**
 * How the cells of a column are written, whatever they hold: `text` as text; `date` as a calendar date or a UTC time
 * (ISO 8601); `id` and `count` as whole numbers; `money` (USD) and `number` as decimal numbers, text where they are
 * exact; `json` as the JSON value that the text is.
 */
export type ColumnType = "text" | "date" | "id" | "count" | "money" | "number" | "json";

/** A column; `label` is what a workbook shows instead of its name. */
export type Column = { name: string; type: ColumnType; label?: string };

export type Value = string | number | null;
export type Row = Record<string, Value>;

/** Rows to be exported, read a few hundred at a time to keep memory constant. Null = not reported. */
export type Table = { title: string; columns: readonly Column[]; rows: AsyncIterable<Row[]> };

const NUMBERS: readonly ColumnType[] = ["id", "count", "money", "number"];

export const isNumeric = ({ type }: Column): boolean => NUMBERS.includes(type);
