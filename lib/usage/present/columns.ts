import type { ColumnType } from "@/lib/export/table";
import { MEASURES, type MeasureColumn } from "@/lib/usage/measures";

/** What the statistics table and exports of usage are made of. Nothing here loads anything: the browser has it too. */

export const GROUPS = ["none", "day", "key", "model", "provider"] as const;
export type Group = (typeof GROUPS)[number];

export const COLUMNS = [
  "date",
  "api_key_name",
  "model",
  "provider",
  "requests",
  "tokens_input",
  "tokens_output",
  "tokens_total",
  "cost",
] as const;
export type Column = (typeof COLUMNS)[number];

/** The columns that a grouping has: what it groups by, and the figures. */
export function columnsOf(group: Group): Column[] {
  const named = { none: null, day: "date", key: "api_key_name", model: "model", provider: "provider" }[group];
  return COLUMNS.filter((column) => isFigure(column) || named === null || column === named);
}

/** Whatever a row of usage can have. */
export type UsageColumn = Column | MeasureColumn | "api_key_id";

const TYPES: Partial<Record<string, ColumnType>> = {
  date: "date",
  api_key_id: "id",
  tokens_total: "count",
  ...Object.fromEntries(MEASURES.map(({ column, kind }) => [column, kind])),
};

/** How a column is written in files: names as text, measures by their kind. */
export const columnType = (column: string): ColumnType => TYPES[column] ?? "text";

/** Whether a column holds a figure rather than a name. */
export const isFigure = (column: string): boolean => columnType(column) === "count" || columnType(column) === "money";
