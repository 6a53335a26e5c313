import { z } from "zod";
import { listOf } from "@/lib/http/page";
import { CalendarDate } from "@/lib/time";
import { BREAKDOWNS, USAGE_GROUPS } from "./metric-names";

/** The shapes of what the usage verbs answer. Null = not reported by OpenRouter, or never read from it. */

const Count = z.int().nullable();
const Usd = z.number().describe("USD");
const Percentage = z
  .number()
  .nullable()
  .describe("Percent of the period's total, one decimal; null where that total is not positive");
const DataAsOf = z.iso.datetime().nullable().describe("When usage was last read from OpenRouter");

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
});

const usage = {
  api_key_id: z.int(),
  api_key_name: z.string(),
  date: z.union([CalendarDate, z.iso.datetime()]).describe("The day; in an hourly list the start of the UTC hour"),
  model: Model,
  provider: z.string().nullable(),
  ...counts,
  cost: Usd,
};

export const UsageList = listOf(z.object({ id: z.int().nullable(), ...usage }));
export const UsageV1List = listOf(z.object(usage));
/** A file of usage rows: as JSON an array of these, as NDJSON one a line. */
export const UsageExport = z.array(z.object(usage));

export const KeyTotalsList = listOf(
  z.object({
    id: z.int(),
    name: z.string(),
    is_active: z.boolean(),
    status: z.string(),
    stats: z
      .object({ total_requests: Count, total_cost: Usd.nullable(), total_tokens: Count })
      .describe("All that was ever counted; null where the key was never read"),
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
