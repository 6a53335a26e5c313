import { addMoney, isMore, subtractMoney } from "@/lib/money";
import type { AnalyticsRow } from "@/lib/openrouter/analytics";

/** Below this (USD) a difference is the noise of binary fractions in OpenRouter's answer, not spend. */
const NOISE = "0.000000001";
const COUNTS = ["requests", "tokensInput", "tokensOutput", "tokensReasoning", "tokensCached"] as const;

const cellOf = (row: AnalyticsRow): string => `${row.bucket.getTime()} ${row.model}`;

/**
 * What a name spent beyond what its known keys did, per bucket and model: spend of a key that OpenRouter does not list. `whole` was asked before `known`,
 * so that requests made in between cannot look like it.
 */
export function residualOf(whole: AnalyticsRow[], known: AnalyticsRow[]): AnalyticsRow[] {
  const explained = totals(known);
  return [...totals(whole)].flatMap(([cell, row]) => {
    const left = subtract(row, explained.get(cell));
    return isMore(left.cost, NOISE) || (left.requests ?? 0) > 0 ? [left] : [];
  });
}

function totals(rows: AnalyticsRow[]): Map<string, AnalyticsRow> {
  const cells = new Map<string, AnalyticsRow>();
  for (const row of rows) {
    const cell = cells.get(cellOf(row));
    cells.set(cellOf(row), cell ? add(cell, row) : { ...row, provider: null });
  }
  return cells;
}

function add(a: AnalyticsRow, b: AnalyticsRow): AnalyticsRow {
  const sum: AnalyticsRow = { ...a, cost: addMoney(a.cost, b.cost), byokCost: sumOrNull(a.byokCost, b.byokCost) };
  for (const name of COUNTS) sum[name] = a[name] === null && b[name] === null ? null : (a[name] ?? 0) + (b[name] ?? 0);
  return sum;
}

const sumOrNull = (a: string | null, b: string | null): string | null =>
  a === null && b === null ? null : addMoney(a ?? "0", b ?? "0");

function subtract(whole: AnalyticsRow, part: AnalyticsRow | undefined): AnalyticsRow {
  if (!part) return whole;
  const left: AnalyticsRow = { ...whole, cost: atLeastZero(subtractMoney(whole.cost, part.cost)) };
  if (whole.byokCost !== null) left.byokCost = atLeastZero(subtractMoney(whole.byokCost, part.byokCost ?? "0"));
  for (const name of COUNTS) {
    const count = whole[name];
    left[name] = count === null ? null : Math.max(0, count - (part[name] ?? 0));
  }
  return left;
}

const atLeastZero = (value: string): string => (isMore(value, "0") ? value : "0");
