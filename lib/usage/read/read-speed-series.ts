import "server-only";
import { sql } from "@/db/client";
import { withTimezoneErrors } from "@/db/timezone";
import type { TeamReader } from "@/lib/access/viewer";
import { type Period, refused } from "@/lib/usage/period";
import type { UsageFilter } from "@/lib/usage/schema";
import { accountOf, detailsReadColumns, ownRows } from "./account-filter";
import { datedBuckets, hourBuckets, hourName, type Interval } from "./buckets";
import type { Point, Series } from "./fold-series";
import { bookedModels } from "./model-names";
import { checkKeyFilter, contextColumns } from "./rows";

type Asked = UsageFilter & { metric: string; group_by: string; interval: Interval; top: number };
type Context = { data_as_of: string | null; buckets: string[] | null; key_team: number | null };
type Line = {
  api_key_id: number;
  name: string | null;
  model: string | null;
  provider: string | null;
  points: Record<string, number>;
};

/**
 * How fast models answered, as OpenRouter measured it: with hours a series per account, model and provider, with days one per key; those with most requests
 * first. Averages and percentiles cannot be added up or averaged, so there are no totals and no other steps (422).
 */
export async function readSpeedSeries(viewer: TeamReader, period: Period, input: Asked) {
  const { interval, group_by, top } = input;
  const isHourly = interval === "hour" && (group_by === "model" || group_by === "provider");
  if (!isHourly && !(interval === "day" && group_by === "key")) {
    const ways = "must be model or provider with interval=hour, or key with interval=day, for a metric of speed";
    throw refused("group_by", `${ways}: such figures cannot be added up or averaged`);
  }
  if (!isHourly && (input.model ?? input.provider) !== undefined) {
    throw refused("model", "goes with interval=hour only: OpenRouter keeps the speed of a key without its models");
  }
  const [[context], lines] = await Promise.all([
    withTimezoneErrors(sql()<Context[]>`
      select ${contextColumns(viewer, input)}, ${detailsReadColumns(viewer)}, ${isHourly ? hourBuckets(period) : sql()`null::text[]`} as buckets`),
    readLines(viewer, period, input, isHourly),
  ]);
  checkKeyFilter(viewer, input, context?.key_team);
  const buckets = context?.buckets ?? datedBuckets(period, "day");
  const pointsOf = (known: Record<string, number>): Point[] =>
    buckets.map((date) => ({ date, value: known[date] ?? null }));
  const series = lines.map(({ points, model, provider, ...line }): Series => {
    const parts = isHourly ? { model, provider } : {};
    return { ...line, ...parts, total: null, points: pointsOf(points) };
  });
  const others = series.length - top;
  const unknown = { total: null, points: pointsOf({}) };
  return {
    series: series.slice(0, top),
    other: others > 0 ? { groups: others, ...unknown } : null,
    whole: { api_key_id: null, name: null, ...unknown },
    buckets,
    data_as_of: context?.data_as_of ?? null,
  };
}

async function readLines(viewer: TeamReader, period: Period, input: Asked, isHourly: boolean): Promise<Line[]> {
  const apiKeyId = isHourly ? await accountOf(viewer, input) : input.api_key_id;
  const day = isHourly
    ? sql()`(bucket at time zone ${period.timezone})::date`
    : sql()`(bucket at time zone 'UTC')::date`;
  const name = isHourly
    ? sql()`nullif(concat_ws(' · ', model, provider), '')`
    : sql()`(select k.name from api_keys k where k.id = api_key_id)`;
  return withTimezoneErrors(sql()<Line[]>`
    select api_key_id, model, provider, ${name} as name,
      json_object_agg(${isHourly ? hourName(sql()`bucket`) : sql()`${day}::text`}, figures -> ${input.metric}::text) as points
    from performance
    where ${ownRows(viewer, apiKeyId)} and granularity = ${isHourly ? "hour" : "day"} and figures -> ${input.metric}::text is not null
      and bucket >= ${period.start_date}::timestamp at time zone 'UTC' - interval '1 day'
      and bucket < (${period.end_date}::date + 2)::timestamp at time zone 'UTC'
      and ${day} between ${period.start_date} and ${period.end_date}
      ${input.model === undefined ? sql()`` : sql()`and model = any(${bookedModels([input.model])})`}
      ${input.provider === undefined ? sql()`` : sql()`and provider = ${input.provider}`}
    group by api_key_id, model, provider
    order by sum(requests) desc nulls last, name, api_key_id`);
}
