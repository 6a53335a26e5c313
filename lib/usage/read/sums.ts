import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";
import { type Money, moneyToJson } from "@/lib/base/money";
import { MEASURES, type MeasureColumn } from "@/lib/usage/measures";

/** The measures that overviews add up; any others can be asked for. */
export const OVERVIEW = [
  "requests",
  "tokens_input",
  "tokens_output",
  "tokens_reasoning",
  "tokens_cached",
  "cost",
  "byok_cost",
] as const satisfies readonly MeasureColumn[];

export type OverviewColumn = (typeof OVERVIEW)[number];

/** Sums of measures as they leave. Counts are whole numbers, money is USD; null = not reported. Every row has a cost. */
export type Sums<Column extends MeasureColumn = OverviewColumn> = {
  [Name in Column]: Name extends "cost" ? number : number | null;
};

/** The same of no rows at all: cost too may be unknown. */
export type KnownSums<Column extends MeasureColumn = OverviewColumn> = { [Name in Column]: number | null };

/** The same as PostgreSQL answers them: money as exact text. */
export type SumsLine = { [Name in MeasureColumn]?: number | Money | null };

/** `sum(…) as …` of each measure, in the type of its column. */
export const sumColumns = (columns: readonly MeasureColumn[]): Fragment =>
  sql().unsafe(
    MEASURES.filter(({ column }) => columns.includes(column))
      .map(({ column, kind }) => `sum(${column})${kind === "count" ? "::bigint" : ""} as ${column}`)
      .join(", "),
  );

/** A line's sums as they leave. */
export function sumsOf<Column extends MeasureColumn>(line: SumsLine, columns: readonly Column[]): Sums<Column> {
  const figure = (value: number | Money | null | undefined) =>
    typeof value === "string" ? moneyToJson(value) : (value ?? null);
  return Object.fromEntries(columns.map((column) => [column, figure(line[column])])) as Sums<Column>;
}

/** What no rows add up to: zeroes where the period was read, unknowns where it was not. */
export function sumsOfNothing<Column extends MeasureColumn>(
  isRead: boolean,
  columns: readonly Column[],
): KnownSums<Column> {
  return Object.fromEntries(columns.map((column) => [column, isRead ? 0 : null])) as KnownSums<Column>;
}
