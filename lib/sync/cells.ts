import { addMoney, isMore, subtractMoney } from "@/lib/base/money";
import type { AnalyticsRow } from "@/lib/openrouter/analytics";
import { MEASURES, type Measures } from "@/lib/usage/measures";

/** Below this (USD) a difference is the noise of binary fractions in OpenRouter's answer, not spend. */
const NOISE = "0.000000001";

type Values = Record<string, number | string | null>;

/** What a split brought for one cell of the undivided answer. */
export type Cell<Part> = {
  whole: AnalyticsRow;
  /** The parts, where they add up to the whole or to less; none where they exceed it, for then nothing tells which of them are true. */
  parts: Part[];
  /** What the parts leave of the whole; null when they leave nothing. */
  rest: AnalyticsRow | null;
  isExceeded: boolean;
};

/**
 * Compares the parts that a split brought with the undivided answer of the same window, cell by cell (as `cellOf` names them). Whatever the
 * parts say, parts and rest of a cell add up to its whole: a split refines a sum and never changes it.
 */
export function compareCells<Part extends AnalyticsRow>(
  whole: readonly AnalyticsRow[],
  parts: readonly Part[],
  cellOf: (row: AnalyticsRow) => string,
): Cell<Part>[] {
  const found = new Map<string, Part[]>();
  for (const part of parts) {
    const cell = cellOf(part);
    const list = found.get(cell);
    if (list) list.push(part);
    else found.set(cell, [part]);
  }
  return mergeCells(whole, cellOf).map(([cell, row]) => compareCell(row, found.get(cell) ?? []));
}

/** All that a cell amounts to: what the split brought, and what it left. */
export const rowsOf = <Part extends AnalyticsRow>({ parts, rest }: Cell<Part>): (Part | AnalyticsRow)[] =>
  rest ? [...parts, rest] : parts;

/** One row for each cell; several texts of an answer may mean one model. */
function mergeCells(rows: readonly AnalyticsRow[], cellOf: (row: AnalyticsRow) => string): [string, AnalyticsRow][] {
  const cells = new Map<string, AnalyticsRow>();
  for (const row of rows) {
    const cell = cellOf(row);
    const known = cells.get(cell);
    cells.set(cell, known ? { ...known, ...addMeasures(known, row) } : row);
  }
  return [...cells];
}

function compareCell<Part extends AnalyticsRow>(whole: AnalyticsRow, parts: Part[]): Cell<Part> {
  if (parts.length === 0) return { whole, parts, rest: whole, isExceeded: false };
  const [first = NOTHING, ...others] = parts;
  const rest = subtractMeasures(whole, others.reduce<Measures>(addMeasures, first));
  if (!rest) return { whole, parts: [], rest: whole, isExceeded: true };
  return {
    whole,
    // A measure that the whole does not report is unknown, whatever its parts say.
    parts: parts.map((part) => withoutUnreported(part, whole)),
    rest: isNothing(rest) ? null : { ...whole, ...rest },
    isExceeded: false,
  };
}

const NOTHING = Object.fromEntries(MEASURES.map(({ name }) => [name, name === "cost" ? "0" : null])) as Measures;

/** The sum of two rows; null where neither reports. */
function addMeasures(one: Measures, other: Measures): Measures {
  const sum: Values = {};
  for (const { name } of MEASURES) {
    const [a, b] = [one[name], other[name]];
    if (a === null || b === null) sum[name] = a ?? b;
    else sum[name] = typeof a === "string" ? addMoney(a, String(b)) : Number(a) + Number(b);
  }
  return sum as Measures;
}

/** What a part leaves of a whole; null where it is more in any measure. */
export function subtractMeasures(whole: Measures, part: Measures): Measures | null {
  const rest: Values = {};
  for (const { name } of MEASURES) {
    const [a, b] = [whole[name], part[name]];
    if (a === null || b === null) rest[name] = a;
    else if (a === b) rest[name] = typeof a === "string" ? "0" : 0;
    else if (typeof a === "string") {
      const left = subtractMoney(a, String(b));
      if (isMore(subtractMoney("0", left), NOISE)) return null;
      rest[name] = isMore(left, NOISE) ? left : "0";
    } else {
      if (Number(b) > a) return null;
      rest[name] = a - Number(b);
    }
  }
  return rest as Measures;
}

/** Whether nothing is left: neither money nor counts. */
export const isNothing = (measures: Measures): boolean =>
  MEASURES.every(({ name }) => measures[name] === null || Number(measures[name]) === 0);

function withoutUnreported<Part extends AnalyticsRow>(part: Part, whole: AnalyticsRow): Part {
  const unreported = MEASURES.filter(({ name }) => whole[name] === null && part[name] !== null);
  if (unreported.length === 0) return part;
  return { ...part, ...Object.fromEntries(unreported.map(({ name }) => [name, null])) };
}
