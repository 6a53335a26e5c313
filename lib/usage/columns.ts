/** What the statistics table is made of. Nothing here loads anything: the browser has it too. */

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

const FIGURES: readonly string[] = COLUMNS.slice(4);

/** Whether a column holds a figure rather than a name. */
export const isFigure = (column: string): boolean => FIGURES.includes(column);

/** The columns that a grouping has: what it groups by, and the figures. */
export function columnsOf(group: Group): Column[] {
  const named = { none: null, day: "date", key: "api_key_name", model: "model", provider: "provider" }[group];
  return COLUMNS.filter((column) => isFigure(column) || named === null || column === named);
}

export const EXPORT_FORMATS = ["csv", "json", "ndjson", "xlsx"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
