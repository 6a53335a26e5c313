import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";
import { type Money, moneyToJson } from "@/lib/base/money";
import type { UsageMetric } from "@/lib/usage/metric-names";

/** GROUPING() of (is_top, bucket): what a line stands for. */
export const KIND = { point: 0, series: 1, bucket: 2, all: 3 } as const;

export type FoldedLine = {
  kind: number;
  is_top: boolean | null;
  grp: string | number | null;
  name: string | null;
  bucket: string | null;
  value: Money | null;
  others: number;
};

/** `value` is null where the metric was not reported, 0 where nothing was used. */
export type Point = { date: string; value: number | null };
export type Series = {
  api_key_id: number | null;
  name: string | null;
  /** Of a series of speeds. */
  model?: string | null;
  provider?: string | null;
  total: number | null;
  points: Point[];
};

/** What adds up to a metric, as an expression over rows of usage or of a breakdown. */
export const metricColumn = (metric: UsageMetric): Fragment =>
  metric === "tokens"
    ? sql()`case when tokens_input is not null or tokens_output is not null then coalesce(tokens_input, 0) + coalesce(tokens_output, 0) end`
    : sql()`${sql()(metric)}`;

/**
 * Lines of series as a sub-select: `kind, is_top, grp, bucket, value, others`. `used` has one row per `bucket` and group (`grp`) with its `value`. The
 * greatest `top` groups are series of their own, the rest is added up in one; there are totals of each series, each bucket and of everything.
 */
export const foldedSeries = (used: Fragment, top: number): Fragment => sql()`
  with used as (${used}), ranked as (
    select grp, row_number() over (order by sum(value) desc nulls last, grp) <= ${top} as is_top
    from used group by grp
  ), folded as (
    select bucket, value, is_top, case when is_top then used.grp end as grp
    from used join ranked on used.grp is not distinct from ranked.grp
  )
  select kind, is_top, grp, bucket, value, (select count(*) from ranked where not is_top) as others
  from (
    select grouping(is_top, bucket) as kind, is_top, grp, bucket, sum(value) as value
    from folded group by grouping sets ((is_top, grp, bucket), (is_top, grp), (bucket), ())
  ) lines`;

/**
 * Series with a point for every bucket, from lines in the order of their values. A bucket without rows is 0 where it is known (`isKnown`), unless the whole
 * series never reported the metric. `whole` is what all of it adds up to.
 */
export function seriesOf(lines: FoldedLine[], buckets: string[], isKnown: (bucket: string) => boolean) {
  const points = new Map<string, Map<string | null, number | null>>();
  for (const line of lines.filter(({ kind }) => kind === KIND.point || kind === KIND.bucket)) {
    const key = seriesKey(line);
    points.set(key, (points.get(key) ?? new Map()).set(line.bucket, moneyToJson(line.value)));
  }
  const fill = (line: FoldedLine | undefined, isReported: boolean): Point[] => {
    const values = line && points.get(seriesKey(line));
    return buckets.map((date) => {
      const nothing = isReported && isKnown(date) ? 0 : null;
      return { date, value: values?.has(date) ? (values.get(date) ?? null) : nothing };
    });
  };
  const series = (line: FoldedLine): Series => ({
    api_key_id: typeof line.grp === "number" ? line.grp : null,
    name: line.name,
    total: moneyToJson(line.value),
    points: fill(line, line.value !== null),
  });
  const own = lines.filter(({ kind }) => kind === KIND.series);
  const rest = own.find(({ is_top }) => !is_top);
  const all = lines.find(({ kind }) => kind === KIND.all);
  const isEmpty = own.length === 0;
  const nothing = isEmpty && buckets.every(isKnown) ? 0 : null;
  const whole: Series = {
    api_key_id: null,
    name: null,
    total: isEmpty ? nothing : moneyToJson(all?.value ?? null),
    points: fill(all && { ...all, kind: KIND.bucket }, isEmpty || all?.value != null),
  };
  return {
    series: own.filter(({ is_top }) => is_top).map(series),
    other: rest ? { groups: all?.others ?? 0, total: moneyToJson(rest.value), points: series(rest).points } : null,
    whole,
  };
}

const seriesKey = ({ kind, is_top, grp }: FoldedLine): string =>
  kind === KIND.bucket ? "whole" : JSON.stringify([is_top, grp]);
