import "server-only";
import type { TeamReader } from "@/lib/access/viewer";
import { isWithin, MOST_HOURLY_DAYS_BACK } from "@/lib/usage/bounds";
import { isBreakdown, isUsageMetric } from "@/lib/usage/metric-names";
import { type Period, periodOf, refused } from "@/lib/usage/period";
import type { TimeseriesQuery } from "@/lib/usage/schema";
import { readBreakdownSeries } from "./read-breakdown-series";
import { readSpeedSeries } from "./read-speed-series";
import { readUsageSeries } from "./read-usage-series";

/**
 * One metric over time, a series per group, greatest total first. There is a point for every bucket; its `date` is the bucket's first day
 * in the timezone (weeks begin on Monday), or the UTC hour. Groups beyond `top` are added up in `other`. Hours: at most 31 days, without
 * what OpenRouter told only per day. Breakdowns (`group_by=app` …) and speeds are of UTC days and hours, as OpenRouter keeps them.
 */
export async function readTimeseries(viewer: TeamReader, input: TimeseriesQuery) {
  const { metric, group_by, interval } = input;
  const { period, series, other, data_as_of } = await readSeries(viewer, input);
  return { period, metric, group_by, interval, series, other, data_as_of };
}

/** The same with all `buckets` of the period and with what the `whole` adds up to in each: charts need both. */
export async function readSeries(viewer: TeamReader, input: TimeseriesQuery) {
  const period = periodOf(input);
  if (input.interval === "hour" && !isWithin(period.start_date, period.end_date, MOST_HOURLY_DAYS_BACK)) {
    const message = `may be at most ${MOST_HOURLY_DAYS_BACK} days before end_date when the interval is hour`;
    throw refused("start_date", message);
  }
  return { period, ...(await readAny(viewer, period, input)) };
}

function readAny(viewer: TeamReader, period: Period, input: TimeseriesQuery) {
  const { metric, group_by } = input;
  if (!isUsageMetric(metric)) return readSpeedSeries(viewer, period, input);
  return isBreakdown(group_by)
    ? readBreakdownSeries(viewer, period, { ...input, group_by })
    : readUsageSeries(viewer, period, { ...input, metric, group_by });
}
