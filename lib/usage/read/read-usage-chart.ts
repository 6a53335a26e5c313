import "server-only";
import type { TeamReader } from "@/lib/access/viewer";
import { periodBefore, selectedPeriod } from "@/lib/usage/period";
import type { DashboardView } from "@/lib/usage/present/dashboard-view";
import { type Line, prepareStack, type StackedChart } from "@/lib/usage/present/series";
import { bucketAt, readCoverage } from "./read-coverage";
import { readSeries } from "./read-timeseries";

const MOST_SERIES = 5;

type Asked = Pick<
  DashboardView,
  "start_date" | "end_date" | "metric" | "by" | "interval" | "compare" | "key" | "model" | "provider"
>;
/** What stands for a group without a name, and for the rest. */
type Words = { unknown: string; rest: (count: number) => string };

/** One metric over time as a chart draws it, with what is not known and what still runs marked. */
export async function readUsageChart(
  viewer: TeamReader,
  view: Asked,
  timezone: string,
  words: Words,
): Promise<StackedChart> {
  const period = selectedPeriod({ start_date: view.start_date, end_date: view.end_date, timezone });
  const asked = {
    start_date: period.start_date,
    end_date: period.end_date,
    timezone,
    metric: view.metric,
    interval: view.interval,
    top: MOST_SERIES,
    ...(view.key !== undefined && { api_key_id: view.key }),
    ...(view.model !== undefined && { model: view.model }),
    ...(view.provider !== undefined && { provider: view.provider }),
  };
  const { start_date, end_date } = periodBefore(period);
  const [now, before, coverage] = await Promise.all([
    readSeries(viewer, { ...asked, group_by: view.by }),
    view.compare === "previous"
      ? readSeries(viewer, { ...asked, start_date, end_date, group_by: "none", top: 1 })
      : null,
    readCoverage(viewer, view.key),
  ]);
  const lines = now.series.map(
    (series): Line => ({
      id: view.by === "key" ? String(series.api_key_id ?? "") || null : series.name,
      label: series.name ?? words.unknown,
      total: series.total,
      points: series.points,
    }),
  );
  return prepareStack({
    lines,
    rest: now.other && { ...now.other, id: null, label: words.rest(now.other.groups) },
    whole: now.whole,
    buckets: now.buckets,
    // Before anything was read all is unknown: every bucket comes before this.
    knownFrom: coverage ? bucketAt(coverage.from, view.interval, timezone) : "9999",
    knownTo: coverage && bucketAt(coverage.to, view.interval, timezone),
    unfinished: bucketAt(new Date(), view.interval, timezone),
    previous: before?.series[0]?.points ?? [],
  });
}
