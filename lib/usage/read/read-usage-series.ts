import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";
import { withTimezoneErrors } from "@/db/timezone";
import type { TeamReader } from "@/lib/access/viewer";
import type { UsageGroup, UsageMetric } from "@/lib/usage/metric-names";
import type { Period } from "@/lib/usage/period";
import type { UsageFilter } from "@/lib/usage/schema";
import { datedBuckets, dayName, hourBuckets, hourName, type Interval } from "./buckets";
import { type FoldedLine, foldedSeries, KIND, metricColumn, seriesOf } from "./fold-series";
import { type Context, checkKeyFilter, contextColumns, readColumn, usageRows } from "./rows";

type Asked = UsageFilter & { metric: UsageMetric; group_by: UsageGroup; interval: Interval; top: number };
type Line = FoldedLine & Context & { buckets: string[] | null; whole_days: string[] | null };

/**
 * A measure over time, greatest total first, in one statement. Without any usage there is one series when no groups are asked for: zeroes where the period
 * was read, and otherwise nulls.
 */
export async function readUsageSeries(viewer: TeamReader, period: Period, input: Asked) {
  const { group_by, interval } = input;
  const rows = usageRows(viewer, period, input, interval === "hour");
  const lines = await withTimezoneErrors(sql()<Line[]>`
    select folded.*, ${group_by === "key" ? sql()`(select name from api_keys where id = grp)` : sql()`grp::text`} as name,
      ${contextColumns(viewer, input)}, ${readColumn(viewer, input, period)}, ${interval === "hour" ? hourColumns(period, rows) : sql()`null as buckets, null as whole_days`}
    from (${foldedSeries(usedOf(rows, input), input.top)}) folded
    order by value desc nulls last, grp`);
  const context = lines.find(({ kind }) => kind === KIND.all);
  checkKeyFilter(viewer, input, context?.key_team);
  const buckets = context?.buckets ?? (interval === "hour" ? [] : datedBuckets(period, interval));
  // Hours of a day of which OpenRouter reported only the whole are not known to be zero.
  const wholeDays = new Set(context?.whole_days ?? []);
  const isKnown = (bucket: string) =>
    (context?.is_read ?? false) && !(interval === "hour" && wholeDays.has(bucket.slice(0, 10)));
  const { series, ...rest } = seriesOf(lines, buckets, isKnown);
  return {
    series: series.length === 0 && group_by === "none" ? [rest.whole] : series,
    ...rest,
    buckets,
    data_as_of: context?.data_as_of ?? null,
  };
}

/** On the one line that is about everything: all hours, and the days of which only the whole was reported. */
const hourColumns = (period: Period, rows: Fragment): Fragment => sql()`
  case kind when ${KIND.all} then ${hourBuckets(period)} end as buckets,
  case kind when ${KIND.all} then array(select distinct day::text from (${rows}) r where hour is null) end as whole_days`;

const usedOf = (rows: Fragment, { metric, group_by, interval }: Asked): Fragment => sql()`
  select ${interval === "hour" ? hourName(sql()`hour`) : dayName(sql()`day`, interval)} as bucket,
    ${GROUP[group_by]()} as grp, sum(${metricColumn(metric)}) as value
  from (${rows}) rows
  ${interval === "hour" ? sql()`where hour is not null` : sql()``}
  group by 1, 2`;

const GROUP: Record<UsageGroup, () => Fragment> = {
  model: () => sql()`model`,
  provider: () => sql()`provider`,
  key: () => sql()`api_key_id`,
  none: () => sql()`null::text`,
};
