import { z } from "zod";

/** The column of a list, ascending; with a minus in front, descending. Safe for the browser. */
export type Sort<Column extends string> = Column | `-${Column}`;

export const sortBy = <Column extends string>(columns: readonly Column[]) =>
  z.enum([...columns, ...columns.map((column) => `-${column}` as const)]);

export const columnOf = <Column extends string>(sort: Sort<Column>): Column => sort.replace(/^-/, "") as Column;
