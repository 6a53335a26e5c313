import "server-only";
import type { PendingQuery, Row } from "postgres";
import { sql } from "./client";

/** A part of a statement. */
export type Fragment = PendingQuery<Row[]>;

/** A column in the direction of a sort such as `-cost`; what is not known comes last either way. */
export const directed = (column: Fragment, sort: string): Fragment =>
  sort.startsWith("-") ? sql()`${column} desc nulls last` : sql()`${column} asc nulls last`;
