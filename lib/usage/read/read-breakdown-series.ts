import "server-only";
import { sql } from "@/db/client";
import type { TeamReader } from "@/lib/access/viewer";
import type { Breakdown } from "@/lib/usage/metric-names";
import { type Period, refused } from "@/lib/usage/period";
import type { UsageFilter } from "@/lib/usage/schema";
import { accountOf, detailsReadColumns, ownRows } from "./account-filter";
import { bucketOf, datedBuckets, dayName, type Interval } from "./buckets";
import { type FoldedLine, foldedSeries, metricColumn, seriesOf } from "./fold-series";
import { bookedModels } from "./model-names";

type Asked = UsageFilter & { metric: string; group_by: Breakdown; interval: Interval; top: number };
type Line = FoldedLine & { first_day: string | null; last_day: string | null; data_as_of: string | null };

const SUMMED = ["cost", "requests", "tokens"] as const;

/**
 * An account's cost, requests or tokens by app, origin and so on, from what OpenRouter keeps per UTC day. Days before the first and after the last that
 * was read are unknown. 422 for another metric, hours, a filter that these figures cannot be told apart by.
 */
export async function readBreakdownSeries(viewer: TeamReader, period: Period, input: Asked) {
  const { group_by, interval } = input;
  const metric = SUMMED.find((name) => name === input.metric);
  if (!metric) throw refused("metric", `must be cost, requests or tokens when group_by is ${group_by}`);
  if (interval === "hour") throw refused("interval", `must be day, week or month when group_by is ${group_by}`);
  if (input.model !== undefined && group_by !== "finish_reason") {
    throw refused("model", `goes with no such group_by: OpenRouter does not keep ${group_by} per model`);
  }
  const rows = sql()`${ownRows(viewer, await accountOf(viewer, input))} and dimension = ${group_by}`;
  const used = sql()`
    select ${dayName(sql()`date`, interval)} as bucket, value as grp, sum(${metricColumn(metric)}) as value
    from breakdown_days where ${rows} and date between ${period.start_date} and ${period.end_date}
      ${input.model === undefined ? sql()`` : sql()`and model = any(${bookedModels([input.model])})`}
    group by 1, 2`;
  const lines = await sql()<Line[]>`
    select folded.*, grp as name, first_day::text, greatest(last_day, last_row)::text as last_day, data_as_of
    from (${foldedSeries(used, input.top)}) folded
    cross join (select ${detailsReadColumns(viewer)}) read
    cross join (select min(date) as first_day, max(date) as last_row from breakdown_days where ${rows}) found
    order by value desc nulls last, grp`;
  const { first_day, last_day, data_as_of } = lines[0] ?? { first_day: null, last_day: null, data_as_of: null };
  const buckets = datedBuckets(period, interval);
  const isKnown = (bucket: string) =>
    first_day !== null && last_day !== null && bucketOf(first_day, interval) <= bucket && bucket <= last_day;
  return { ...seriesOf(lines, buckets, isKnown), buckets, data_as_of };
}
