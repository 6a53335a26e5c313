import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";
import type { TeamReader } from "@/lib/auth/viewer";
import { AppError } from "@/lib/errors";
import { type Money, moneyToJson } from "@/lib/money";
import { bucketsOf, type Interval } from "./buckets";
import { periodOf } from "./period";
import { asked, checkKeyFilter, contextColumns, usageRows } from "./rows";
import type { TimeseriesQuery } from "./schema";

const MAX_HOURLY_DAYS = 31;

/** GROUPING() of (is_top, bucket): what a line stands for. */
const KIND = { point: 0, series: 1, all: 3 } as const;

type Line = {
  kind: number;
  is_top: boolean | null;
  grp: string | number | null;
  name: string | null;
  bucket: string | null;
  value: Money | null;
  others: number;
  data_as_of: string | null;
  key_team: number | null;
};

/** `value` is null where the metric was not reported, 0 where nothing was used. */
export type Point = { date: string; value: number | null };
export type Series = { api_key_id: number | null; name: string | null; total: number | null; points: Point[] };

/**
 * One metric over time, a series per group, greatest total first. There is a point for every bucket; its `date` is the bucket's first day
 * in the timezone (weeks begin on Monday), or the UTC hour. Groups beyond `top` are added up in `other`. Hours: at most 31 days, without
 * what OpenRouter told only per day.
 */
export async function readTimeseries(viewer: TeamReader, input: TimeseriesQuery) {
  const { metric, group_by, interval } = input;
  const period = periodOf(input);
  if (interval === "hour" && period.days > MAX_HOURLY_DAYS) throw tooManyHours();
  const hourly = interval === "hour";
  const lines = await asked(sql()<Line[]>`
    with used as (
      select ${bucketColumn(interval)} as bucket, ${GROUP[group_by]()} as grp, sum(${METRIC[metric]()}) as value
      from (${usageRows(viewer, period, input, hourly)}) rows
      ${hourly ? sql()`where hour is not null` : sql()``}
      group by 1, 2
    ), ranked as (
      select grp, row_number() over (order by sum(value) desc nulls last, grp) <= ${input.top} as is_top
      from used group by grp
    ), folded as (
      select bucket, value, is_top, case when is_top then used.grp end as grp
      from used join ranked on used.grp is not distinct from ranked.grp
    )
    select kind, is_top, grp, bucket, value, ${group_by === "key" ? keyName() : sql()`grp::text`} as name,
      (select count(*) from ranked where not is_top) as others, ${contextColumns(viewer, input)}
    from (
      select grouping(is_top, bucket) as kind, is_top, grp, bucket, sum(value) as value
      from folded group by grouping sets ((is_top, grp, bucket), (is_top, grp), ())
    ) lines
    order by value desc nulls last, grp`);
  const all = lines.find((line) => line.kind === KIND.all);
  checkKeyFilter(viewer, input, all?.key_team);

  const points = new Map<string, Line[]>();
  for (const line of lines.filter(({ kind }) => kind === KIND.point)) {
    const key = seriesKey(line);
    points.set(key, [...(points.get(key) ?? []), line]);
  }
  const buckets = bucketsOf(period, interval);
  const series = lines
    .filter((line) => line.kind === KIND.series)
    .map((line) => ({
      isTop: line.is_top,
      api_key_id: typeof line.grp === "number" ? line.grp : null,
      name: line.name,
      total: moneyToJson(line.value),
      points: fill(buckets, points.get(seriesKey(line)) ?? [], line.value !== null),
    }));
  const plain = ({ isTop, ...rest }: (typeof series)[number]): Series => rest;
  const rest = series.find(({ isTop }) => !isTop);
  return {
    period,
    metric,
    group_by,
    interval,
    series: series.filter(({ isTop }) => isTop).map(plain),
    other: rest ? { groups: all?.others ?? 0, total: rest.total, points: rest.points } : null,
    data_as_of: all?.data_as_of ?? null,
  };
}

const seriesKey = (line: Line): string => JSON.stringify([line.is_top, line.grp]);

/** A bucket without rows is 0, unless the whole series never reported the metric. */
function fill(buckets: string[], lines: Line[], isReported: boolean): Point[] {
  const values = new Map(lines.map((line) => [line.bucket, moneyToJson(line.value)]));
  return buckets.map((date) => ({ date, value: values.get(date) ?? (values.has(date) || !isReported ? null : 0) }));
}

const METRIC: Record<TimeseriesQuery["metric"], () => Fragment> = {
  cost: () => sql()`cost`,
  requests: () => sql()`requests`,
  tokens: () => sql()`case when tokens_input is not null or tokens_output is not null
    then coalesce(tokens_input, 0) + coalesce(tokens_output, 0) end`,
};

const GROUP: Record<TimeseriesQuery["group_by"], () => Fragment> = {
  model: () => sql()`model`,
  provider: () => sql()`provider`,
  key: () => sql()`api_key_id`,
  none: () => sql()`null::text`,
};

const keyName = (): Fragment => sql()`(select name from api_keys where id = grp)`;

const bucketColumn = (interval: Interval): Fragment =>
  interval === "hour"
    ? sql()`to_char(hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:00:00"Z"')`
    : sql()`date_trunc(${interval}, day::timestamp)::date::text`;

function tooManyHours(): AppError {
  const message = `may be at most ${MAX_HOURLY_DAYS} days before end_date when the interval is hour`;
  return new AppError("unprocessable", `start_date ${message}`, { errors: [{ field: "start_date", message }] });
}
