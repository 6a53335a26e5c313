import { MEASURE_COLUMNS, type MeasureColumn } from "./measures";

/** What a series over time can show and be split by. Safe for the browser. */

/** Input and output tokens together, and every measure. */
export const METRICS = [
  "cost",
  "requests",
  "tokens",
  ...MEASURE_COLUMNS.filter((column) => column !== "cost" && column !== "requests"),
] as ["cost", "requests", "tokens", ...MeasureColumn[]];

/** OpenRouter's own names of how fast models answered: ms, and tokens per second. */
export const SPEED =
  /^(avg|p\d\d)_(latency|throughput|router_latency|total_time_to_first_token|generation_time|inter_token_latency)$/;

export const USAGE_GROUPS = ["model", "key", "provider", "none"] as const;
/** What OpenRouter breaks an account's days down by. */
export const BREAKDOWNS = [
  "finish_reason",
  "app",
  "origin",
  "variant",
  "data_region",
  "country",
  "external_user",
] as const;

export type UsageMetric = (typeof METRICS)[number];
export type UsageGroup = (typeof USAGE_GROUPS)[number];
export type Breakdown = (typeof BREAKDOWNS)[number];

export const isUsageMetric = (metric: string): metric is UsageMetric => (METRICS as readonly string[]).includes(metric);
export const isBreakdown = (group: string): group is Breakdown => (BREAKDOWNS as readonly string[]).includes(group);
