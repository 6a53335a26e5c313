import { ApiError, isObject } from "../http";
import type { Settings } from "../settings";
import { DAY_MS, type Granularity, HOUR_MS } from "../time";
import type { Dimension } from "./dimensions";
import { type Filter, parseFilters } from "./filters";
import { acceptedMetrics, listedDimensions } from "./listed";
import type { Metric } from "./metrics";

/** A checked analytics query. */
export interface AnalyticsQuery {
  metrics: [string, Metric][];
  dimensions: [string, Dimension][];
  granularity: Granularity | null;
  start: Date;
  end: Date;
  filters: Filter[];
  orderBy: { field: string; direction: "asc" | "desc" } | null;
  limit: number;
  groupLimit: number | null;
}

export const granularities: readonly Granularity[] = ["minute", "hour", "day", "week", "month"];
const WITH_SECONDS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|\+00:00)$/;
const MAX_LIMIT = 10_000;

function refuse(message: string): never {
  throw new ApiError(400, message);
}

function known<Value>(kind: string, table: ReadonlyMap<string, Value>, names: unknown): [string, Value][] {
  if (!Array.isArray(names)) refuse(`${kind}s must be an array`);
  return names.map((name: unknown) => {
    const found = typeof name === "string" ? table.get(name) : undefined;
    if (found === undefined) refuse(`Unknown ${kind}: ${String(name)}`);
    return [String(name), found];
  });
}

function integer(value: unknown, name: string): number | null {
  if (value === undefined) return null;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > MAX_LIMIT)
    refuse(`${name} must be between 1 and ${MAX_LIMIT}`);
  return value;
}

function timeRange(value: unknown, now: Date): { start: Date; end: Date } {
  if (value === undefined) return { start: new Date(now.getTime() - 7 * DAY_MS), end: now };
  if (!isObject(value)) refuse("time_range must have start and end");
  const [start, end] = [value.start, value.end].map((text) => {
    if (typeof text !== "string" || !WITH_SECONDS.test(text) || Number.isNaN(Date.parse(text)))
      refuse("time_range must be ISO 8601 in UTC with seconds");
    return new Date(text);
  }) as [Date, Date];
  if (start >= end) refuse("time_range.start must be before time_range.end");
  return { start, end };
}

/** Windows beyond which OpenRouter refuses, naming the maximum. */
function checkWindow(query: AnalyticsQuery, now: Date, { recentBy }: Settings): void {
  const length = query.end.getTime() - query.start.getTime();
  if (query.granularity === "minute" && length > 3 * HOUR_MS)
    refuse("Time range for minute granularity cannot exceed 3 hours");
  const reach = recentBy === "age" ? now.getTime() - query.start.getTime() : length;
  const isRecent = Math.max(length, reach) <= 31 * DAY_MS;
  if (query.granularity === "hour" && !isRecent) refuse("Time range for hour granularity cannot exceed 31 days");
  const recentOnly = [...query.metrics, ...query.dimensions].find(([, { isRecentOnly }]) => isRecentOnly);
  if (recentOnly && !isRecent) refuse(`Time range for ${recentOnly[0]} cannot exceed 31 days`);
  if (length > 367 * DAY_MS) refuse("Time range cannot exceed 367 days");
}

function orderBy(value: unknown, query: Pick<AnalyticsQuery, "metrics" | "dimensions">): AnalyticsQuery["orderBy"] {
  if (value === undefined) return null;
  if (!isObject(value) || typeof value.field !== "string") refuse("order_by must have field and direction");
  const allowed = [
    "request_count",
    "date",
    ...query.metrics.map(([name]) => name),
    ...query.dimensions.map(([name]) => name),
  ];
  if (!allowed.includes(value.field)) refuse(`order_by.field must be one of ${allowed.join(", ")}`);
  if (value.direction !== "asc" && value.direction !== "desc") refuse("order_by.direction must be asc or desc");
  return { field: value.field, direction: value.direction };
}

/** Checks a request body. Throws ApiError 400 with OpenRouter's reasons. */
export function parseQuery(body: Record<string, unknown>, now: Date, settings: Settings): AnalyticsQuery {
  const chosen = known("metric", acceptedMetrics(settings), body.metrics);
  if (chosen.length === 0) refuse("At least one metric is required");
  const split = known("dimension", listedDimensions(settings), body.dimensions ?? []);
  if (split.length > 2) refuse("At most 2 dimensions are allowed");
  const granularity = body.granularity === undefined ? null : granularities.find((name) => name === body.granularity);
  if (granularity === undefined) refuse(`Unknown granularity: ${String(body.granularity)}`);
  const query: AnalyticsQuery = {
    metrics: chosen,
    dimensions: split,
    granularity,
    ...timeRange(body.time_range, now),
    filters: parseFilters(body.filters, settings),
    orderBy: orderBy(body.order_by, { metrics: chosen, dimensions: split }),
    limit: integer(body.limit, "limit") ?? 1000,
    groupLimit: integer(body.group_limit, "group_limit"),
  };
  checkWindow(query, now, settings);
  return query;
}
