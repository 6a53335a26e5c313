import { z } from "zod";
import { listOf } from "@/lib/base/page";
import { CalendarDate } from "@/lib/base/time";
import { MEASURES, type MeasureColumn } from "./measures";
import { BREAKDOWNS, USAGE_GROUPS } from "./metric-names";

/** The shapes of what the usage verbs answer. Null = not reported by OpenRouter, or never read from it. */

const Count = z.int().nullable();
const Usd = z.number().describe("USD");
const Percentage = z
  .number()
  .nullable()
  .describe("Percent of the period's total, one decimal; null where that total is not positive");
const DataAsOf = z.iso.datetime().nullable().describe("When usage was last read from OpenRouter");

const Complete = z
  .boolean()
  .describe(
    "False when the figures may lack something: a key of the selection differs from OpenRouter's own counters, was read badly at the last sync or by the poorer fall-back, or was never read",
  );

const Period = z.object({
  start_date: CalendarDate,
  end_date: CalendarDate,
  days: z.int(),
  timezone: z.string(),
  whole_hours: z
    .boolean()
    .describe(
      "Whether the timezone's offset is a whole number of hours on all of these days. Where it is not, a UTC hour that straddles midnight counts on the day in which it begins, except where single requests show its minutes",
    ),
});

const Summary = z.object({
  total_requests: Count,
  total_cost: Usd.nullable().describe("USD; null, as every total, where nothing of the period was read"),
  total_tokens_input: Count,
  total_tokens_output: Count,
  total_tokens: Count,
  avg_cost_per_request: Usd.nullable().describe("Total cost ÷ total requests; null without requests"),
  avg_requests_per_day: z.number().nullable(),
  avg_cost_per_day: Usd.nullable(),
});

const counts = { requests: Count, tokens_input: Count, tokens_output: Count };
const shares = { percentage_cost: Percentage, percentage_requests: Percentage };
const sums = { ...counts, tokens_reasoning: Count, tokens_cached: Count, cost: Usd, byok_cost: Usd.nullable() };
const Model = z.string().nullable();

export const Stats = z.object({
  period: Period,
  summary: Summary,
  by_model: z.array(z.object({ model: Model, ...counts, cost: Usd, ...shares })),
  data_as_of: DataAsOf,
  complete: Complete,
});

export const Dashboard = z.object({
  period: Period,
  summary: Summary,
  previous: z.object({ period: Period, summary: Summary }),
  by_model: z.array(z.object({ model: Model, ...sums, ...shares })),
  by_key: z.array(z.object({ api_key_id: z.int(), api_key_name: z.string(), ...sums, ...shares })),
  by_provider: z.array(z.object({ provider: z.string().nullable(), ...sums, ...shares })),
  by_date: z.array(z.object({ date: CalendarDate, ...sums, cost: Usd.nullable() })),
  top_models: z.array(z.object({ model: Model, ...sums, ...shares })),
  data_as_of: DataAsOf,
  complete: Complete,
});

const Time = z.union([CalendarDate, z.iso.datetime()]);

const usage = {
  api_key_id: z.int(),
  api_key_name: z.string(),
  date: Time.describe("The day; in an hourly list the start of the UTC hour"),
  model: Model,
  provider: z.string().nullable(),
  ...counts,
  cost: Usd,
};

export const UsageList = listOf(z.object({ id: z.int().nullable(), ...usage }));
export const UsageV1List = listOf(z.object(usage));

const Measures = Object.fromEntries(
  MEASURES.map(({ column, kind }) => [column, kind === "count" ? Count : Usd.nullable()]),
) as Record<MeasureColumn, z.ZodNullable<z.ZodNumber>>;

const Key = { api_key_id: z.int(), api_key_name: z.string() };

const Performance = z.object({
  ...Key,
  granularity: z.enum(["hour", "day"]),
  bucket: Time.describe("The UTC day, or the start of the UTC hour"),
  model: Model,
  provider: z.string().nullable(),
  requests: Count,
  figures: z
    .record(z.string(), z.number())
    .describe("By OpenRouter's names: averages and percentiles in ms, or tokens per second")
    .meta({ example: { avg_latency: 640, p90_latency: 1200, avg_throughput: 95.5 } }),
});

const Breakdown = z.object({
  ...Key,
  date: CalendarDate,
  dimension: z.string().describe("finish_reason, app, origin …").meta({ example: "finish_reason" }),
  value: z.string().nullable().describe("Null: the unset part"),
  model: Model,
  ...counts,
  cost: Usd,
});

/** A file of rows: as JSON an array of these, as NDJSON one a line. Which it is, the query's `kind` says. */
export const UsageExport = z.union([
  z.array(z.object({ ...usage, ...Measures, ...counts, cost: Usd })),
  z.array(Performance),
  z.array(Breakdown),
]);

export const KeyTotalsList = listOf(
  z.object({
    id: z.int(),
    name: z.string(),
    is_active: z.boolean(),
    status: z.string(),
    stats: z
      .object({ total_requests: Count, total_cost: Usd.nullable(), total_tokens: Count })
      .describe("All that was ever counted; null where the key was never read"),
    complete: Complete,
  }),
);

const Points = z.array(z.object({ date: z.union([CalendarDate, z.iso.datetime()]), value: z.number().nullable() }));

export const Timeseries = z.object({
  period: Period,
  metric: z.string(),
  group_by: z.enum([...USAGE_GROUPS, ...BREAKDOWNS]),
  interval: z.enum(["hour", "day", "week", "month"]),
  series: z.array(
    z.object({
      api_key_id: z
        .int()
        .nullable()
        .describe("Of a series of one key; of speeds by the hour, the account's management key"),
      name: z.string().nullable(),
      model: Model.optional().describe("Of speeds by the hour"),
      provider: z.string().nullable().optional().describe("Of speeds by the hour"),
      total: z.number().nullable(),
      points: Points,
    }),
  ),
  other: z.object({ groups: z.int(), total: z.number().nullable(), points: Points }).nullable(),
  data_as_of: DataAsOf,
});
