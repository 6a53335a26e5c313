import type { Formatter } from "@/lib/base/format";
import { COLUMNS, type Column, isFigure } from "@/lib/usage/present/columns";
import type { SelectedRow } from "@/lib/usage/read/list-selection";

/** A row in words. Made on the server: a browser would have to make its formats first, which holds it up longer than the whole table does. */
export type RowTexts = Record<Column, string>;

/** Figures and days as the person's language writes them; a name that is not known is called `unknown`. */
export function rowTexts(format: Formatter, row: Partial<SelectedRow>, unknown: string): RowTexts {
  const textOf = (column: Column): string => {
    if (column === "cost") return format.money(row.cost);
    if (isFigure(column)) return format.count(row[column] as number | null | undefined);
    const name = row[column] as string | null | undefined;
    return name ? (column === "date" ? format.day(name) : name) : unknown;
  };
  return Object.fromEntries(COLUMNS.map((column) => [column, textOf(column)])) as RowTexts;
}
