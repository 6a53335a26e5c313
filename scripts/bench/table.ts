export type Row = { what: string; measured: string; aim: string; isMet: boolean };

/** How a figure stands to its aim. */
export const atLeast = (what: string, ratio: number, aim: number, detail = ""): Row => ({
  what,
  measured: `${ratio.toFixed(2)}${detail && ` (${detail})`}`,
  aim: `≥ ${aim}`,
  isMet: ratio >= aim,
});

export const atMost = (what: string, value: number, aim: number, unit = "", detail = ""): Row => ({
  what,
  measured: `${value.toFixed(2)}${unit}${detail && ` (${detail})`}`,
  aim: `≤ ${aim}${unit}`,
  isMet: value <= aim,
});

/** A Markdown table, ready for docs/benchmarks.md. */
export function markdown(rows: Row[]): string {
  const lines = rows.map(
    ({ what, measured, aim, isMet }) => `| ${what} | ${measured} | ${aim} | ${isMet ? "yes" : "no"} |`,
  );
  return ["| What | Measured | Aim | Met |", "|---|---|---|---|", ...lines].join("\n");
}

export function median(values: number[]): number {
  return percentile(values, 50);
}

export function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}
