import "server-only";
import { type AnyColumn, sql as typed } from "drizzle-orm";
import type { PendingQuery, Row } from "postgres";
import { sql } from "./client";

/** A part of a statement. */
export type Fragment = PendingQuery<Row[]>;

/** A column in the direction of a sort such as `-cost`; what is not known comes last either way. */
export const directed = (column: Fragment, sort: string): Fragment =>
  sort.startsWith("-") ? sql()`${column} desc nulls last` : sql()`${column} asc nulls last`;

/** An instant as it leaves: ISO 8601 in UTC, whole seconds. Null stays null. */
export const utcSecond = (column: AnyColumn) =>
  typed<string>`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
