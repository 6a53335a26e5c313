import { z } from "zod";
import { Id } from "@/lib/base/id";
import { withoutNullByte } from "@/lib/base/null-byte";
import { PageQuery } from "@/lib/base/page";
import { sortBy } from "@/lib/base/sort";
import { CalendarDate, Timezone } from "@/lib/base/time";
import { FileQuery, withDistinctMarks } from "@/lib/export/schema";
import { BREAKDOWNS, METRICS, SPEED, USAGE_GROUPS } from "./metric-names";

/** A model by its slug, permaslug or display name. The addresses of pages are read with it too, and no other door stands in front of them. */
export const ModelName = z
  .string()
  .min(1)
  .max(200)
  .refine(...withoutNullByte);

export const UsageFilter = z.object({ api_key_id: Id.optional(), model: ModelName.optional() });

const DateRange = z.object({ start_date: CalendarDate.optional(), end_date: CalendarDate.optional() });
const InTimezone = z.object({ timezone: Timezone.optional() });

export const StatsQuery = z.object({ ...DateRange.shape, ...UsageFilter.shape, ...InTimezone.shape });

export const DashboardQuery = z.object({
  days: z.coerce.number().int().min(1).max(365).optional(),
  ...StatsQuery.shape,
});

const UsageSelection = z.object({ start_date: CalendarDate, end_date: CalendarDate, ...UsageFilter.shape });

export const SORTS = [
  "date",
  "api_key_name",
  "model",
  "provider",
  "requests",
  "tokens_input",
  "tokens_output",
  "cost",
] as const;

export const UsageSort = sortBy(SORTS);

export const UsageQuery = z.object({ ...UsageSelection.shape, ...PageQuery.shape, sort: UsageSort.default("-date") });

export const UsageV1Query = z.object({
  ...UsageSelection.shape,
  ...InTimezone.shape,
  ...PageQuery.shape,
  group_by: z.enum(["day", "hour"]).default("day"),
});

export const EXPORT_NOTE = [
  "Usage has every measure that OpenRouter reports.",
  "Performance has its figures as an object in JSON and NDJSON, otherwise as a column each.",
  "Not reported is null, or an empty cell.",
  "In CSV, text that a spreadsheet would run as a formula starts with an apostrophe.",
].join(" ");

export const ExportQuery = z
  .object({
    ...UsageSelection.shape,
    ...InTimezone.shape,
    kind: z
      .enum(["usage", "performance", "breakdown"])
      .default("usage")
      .describe("usage; or what OpenRouter measures for 31 days: speed, and usage by finish reason, app, origin …"),
    group_by: z.enum(["day", "hour"]).default("day").describe("Of usage: rows per day, or per UTC hour"),
    ...FileQuery.shape,
  })
  .refine(...withDistinctMarks);

export const TimeseriesQuery = z.object({
  ...StatsQuery.shape,
  metric: z
    .union([z.enum(METRICS), z.string().regex(SPEED)], "is not a known metric")
    .default("cost")
    .describe(
      "A measure of usage, or a speed by OpenRouter's name such as p90_latency (ms) or avg_throughput (tokens per second). Speeds are answered at the grain at which they are kept: group_by=model or provider with interval=hour, group_by=key with interval=day",
    ),
  group_by: z
    .enum([...USAGE_GROUPS, ...BREAKDOWNS])
    .default("none")
    .describe(
      "finish_reason, app, origin, variant, data_region, country and external_user are kept per account and UTC day, for cost, requests and tokens",
    ),
  interval: z.enum(["hour", "day", "week", "month"]).default("day"),
  /** So many groups are told apart; the rest is one series. */
  top: z.coerce.number().int().min(1).max(50).default(10),
});

/** Pages can ask for a provider as well. */
type ProviderFilter = { provider?: string | undefined };

export type UsageFilter = z.output<typeof UsageFilter> & ProviderFilter;
export type StatsQuery = z.output<typeof StatsQuery>;
export type DashboardQuery = z.output<typeof DashboardQuery> & ProviderFilter;
export type UsageSort = z.output<typeof UsageSort>;
export type UsageQuery = z.output<typeof UsageQuery>;
export type UsageV1Query = z.output<typeof UsageV1Query>;
export type ExportQuery = z.output<typeof ExportQuery>;
export type TimeseriesQuery = z.output<typeof TimeseriesQuery> & ProviderFilter;
