import "server-only";
import { sql } from "@/db/client";
import type { TeamReader } from "@/lib/auth/viewer";
import { type Money, moneyToJson } from "@/lib/money";
import { type Period, selectedPeriod } from "./period";
import { usageRows } from "./rows";
import type { UsageFilter } from "./schema";
import type { Metric } from "./view";

/** `weekday` 1 = Monday … 7, `hour` 0–23 in the period's timezone. */
export type HeatCell = { weekday: number; hour: number; value: number };

/** When in the week a metric happens, added up over the period. What OpenRouter told only per day has no hour and is left out. */
export async function readHeatmap(
  viewer: TeamReader,
  input: UsageFilter & Pick<Period, "start_date" | "end_date" | "timezone"> & { metric: Metric },
): Promise<HeatCell[]> {
  const period = selectedPeriod(input);
  const value = {
    cost: sql()`cost`,
    requests: sql()`requests`,
    tokens: sql()`coalesce(tokens_input, 0) + coalesce(tokens_output, 0)`,
  }[input.metric];
  const cells = await sql()<{ weekday: number; hour: number; value: Money | null }[]>`
    select extract(isodow from local)::int as weekday, extract(hour from local)::int as hour, sum(value)::text as value
    from (
      select hour at time zone ${period.timezone} as local, ${value} as value
      from (${usageRows(viewer, period, input, true)}) used where hour is not null
    ) placed group by 1, 2`;
  return cells.map((cell) => ({ ...cell, value: moneyToJson(cell.value) ?? 0 }));
}
