import "server-only";
import { sql } from "@/db/client";
import { withTimezoneErrors } from "@/db/timezone";
import type { TeamReader } from "@/lib/access/viewer";
import { type Money, moneyToJson } from "@/lib/base/money";
import { type Period, selectedPeriod } from "@/lib/usage/period";
import type { Metric } from "@/lib/usage/present/dashboard-view";
import type { UsageFilter } from "@/lib/usage/schema";
import { metricColumn } from "./fold-series";
import { usageRows } from "./rows";

/** `weekday` 1 = Monday … 7, `hour` 0–23 in the period's timezone. */
export type HeatCell = { weekday: number; hour: number; value: number };

/**
 * When in the week a metric happens, added up over the period. What OpenRouter told only per day has no hour and is left out, as is what was not
 * reported.
 */
export async function readHeatmap(
  viewer: TeamReader,
  input: UsageFilter & Pick<Period, "start_date" | "end_date" | "timezone"> & { metric: Metric },
): Promise<HeatCell[]> {
  const period = selectedPeriod(input);
  const cells = await withTimezoneErrors(sql()<{ weekday: number; hour: number; value: Money }[]>`
    select extract(isodow from local)::int as weekday, extract(hour from local)::int as hour, sum(value)::text as value
    from (
      select hour at time zone ${period.timezone} as local, ${metricColumn(input.metric)} as value
      from (${usageRows(viewer, period, input, true)}) used where hour is not null
    ) placed where value is not null group by 1, 2`);
  return cells.map((cell) => ({ ...cell, value: moneyToJson(cell.value) }));
}
