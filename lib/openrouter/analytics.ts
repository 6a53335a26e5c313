import "server-only";
import { z } from "zod";
import { subtractMoney } from "@/lib/base/money";
import { DAY_MS, HOUR_MS } from "@/lib/base/time";
import { MEASURES, type Measure, type Measures, NOT_REPORTED } from "@/lib/usage/measures";
import { type Call, callOpenRouter } from "./client";
import { absent, count, decimal, instant, optional, parseAnswer, text } from "./wire";

export type Granularity = "hour" | "day";
export type Filter =
  | { field: string; operator: "eq"; value: string }
  | { field: string; operator: "in" | "not_in"; value: string[] };
/** Half-open, aligned to the granularity. */
export type Window = { start: Date; end: Date };
/** At most two dimensions. `metrics` are OpenRouter's names. */
export type Query = {
  metrics: readonly string[];
  dimensions: readonly string[];
  granularity: Granularity;
  filters?: Filter[];
  /** Only the greatest by a metric: then the answer is not all there is, and is not taken for it. */
  top?: { by: string; limit: number };
};

/** What one bucket says of one combination of the dimensions; a dimension that was not asked for is null. */
export type AnalyticsRow = Measures & {
  /** The beginning of the bucket: a UTC hour, or a day's first. */
  hour: Date;
  keyName: string | null;
  model: string | null;
  provider: string | null;
};

/** Where a row stood that could not be read, as far as it says: null = it may be anywhere. */
export type UnreadableRow = { hour: Date | null; keyName: string | null };

export type Answer = {
  rows: AnalyticsRow[];
  unreadable: UnreadableRow[];
  /** OpenRouter's own words: a filter's value that it does not know, for one. */
  warnings: string[];
  /** When the answer was made, where it came from a cache of OpenRouter's. */
  cachedAt: Date | null;
};

/** An answer to begin with, before others are added to it. */
export const emptyAnswer = (): Answer => ({ rows: [], unreadable: [], warnings: [], cachedAt: null });

/** `credits_usage` is what OpenRouter billed; `total_usage` adds an estimate of what others billed, which is taken off where it must serve. */
export const COST_METRIC = "credits_usage";
export const COST_WITH_BYOK_METRIC = "total_usage";

export const LIMIT = 10_000;
export const STEP_MS: Record<Granularity, number> = { hour: HOUR_MS, day: DAY_MS };

const Body = z.object({
  data: z.object({
    data: z.array(z.record(z.string(), z.unknown())),
    metadata: optional(z.object({ truncated: optional(z.boolean()) })),
    cachedAt: optional(z.number()),
    warnings: optional(z.array(z.unknown())),
  }),
});

const Names = z.object({
  model: optional(text),
  api_key_id: optional(z.union([text, z.number().transform(String)])),
  provider: optional(text),
});
/** The measures that a list of metrics has; a query's list is the same for all its rows. */
const listed = new WeakMap<readonly string[], readonly Measure[]>();
function measuresOf(metrics: readonly string[]): readonly Measure[] {
  const known = listed.get(metrics) ?? MEASURES.filter(({ metric }) => metrics.includes(metric));
  listed.set(metrics, known);
  return known;
}

const VALUES = { count: absent(count), money: absent(decimal) };

/** A truncated answer is never summed. `buckets` is how many of the window's buckets it reached. */
export type Truncated = { truncated: true; buckets: number };

type Raw = Record<string, unknown>;
/** Rows as they come, with the beginning of their bucket; null when that cannot be read. */
type RawAnswer = { rows: { hour: Date | null; raw: Raw }[]; warnings: string[]; cachedAt: Date | null };

/** `POST /analytics/query`, once, with its rows as they come. */
export async function queryRaw(
  secret: string,
  query: Query,
  window: Window,
  call: Call,
): Promise<RawAnswer | Truncated> {
  const body = {
    metrics: query.metrics,
    dimensions: query.dimensions,
    granularity: query.granularity,
    time_range: { start: withSeconds(window.start), end: withSeconds(window.end) },
    ...(query.filters && { filters: query.filters }),
    ...(query.top && { order_by: { field: query.top.by, direction: "desc" } }),
    limit: query.top?.limit ?? LIMIT,
  };
  const told = await callOpenRouter(secret, "/analytics/query", { ...call, method: "POST", body });
  const { data, metadata, cachedAt, warnings } = parseAnswer(Body, told, "usage").data;
  if (!query.top && (metadata?.truncated || data.length >= LIMIT)) {
    return { truncated: true, buckets: new Set(data.map((raw) => String(bucketOf(raw, query.granularity)))).size };
  }
  const hourOf = bucketReader(query.granularity);
  const rows = data
    .map((raw) => ({ hour: hourOf(raw), raw }))
    // Whether `end` is inclusive is not documented, so what lies beyond it is dropped here.
    .filter(({ hour }) => !hour || (hour >= window.start && hour < window.end));
  return { rows, warnings: (warnings ?? []).map(String), cachedAt: cachedAt === null ? null : new Date(cachedAt) };
}

/** `POST /analytics/query`, once. */
export async function queryOnce(secret: string, query: Query, window: Window, call: Call): Promise<Answer | Truncated> {
  const told = await queryRaw(secret, query, window, call);
  if ("truncated" in told) return told;
  const answer: Answer = { rows: [], unreadable: [], warnings: told.warnings, cachedAt: told.cachedAt };
  for (const { hour, raw } of told.rows) {
    const row = readRow(hour, raw, query);
    if ("cost" in row) answer.rows.push(row);
    else answer.unreadable.push(row);
  }
  return answer;
}

/** ISO 8601 UTC with seconds, without milliseconds. */
const withSeconds = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");

function readRow(hour: Date | null, raw: Raw, query: Query): AnalyticsRow | UnreadableRow {
  const { model, api_key_id: keyName, provider } = Names.parse(raw);
  const measures = readMeasures(raw, query.metrics);
  return hour && measures ? { ...measures, hour, keyName, model, provider } : { hour, keyName };
}

/**
 * The measures of a row; undefined when one cannot be read. An absent component is null. A cost that is absent was not billed: rows of own
 * provider keys have `byok_usage` alone.
 */
function readMeasures(raw: Raw, metrics: readonly string[]): Measures | undefined {
  const measures: Record<string, number | string | null> = { ...NOT_REPORTED };
  for (const measure of measuresOf(metrics)) {
    const value = readValue(raw, measure);
    if (value === undefined) return undefined;
    measures[measure.name] = value;
  }
  measures.cost ??= "0";
  if (!metrics.includes(COST_METRIC)) {
    const total = VALUES.money.safeParse(raw[COST_WITH_BYOK_METRIC]);
    if (!total.success) return undefined;
    measures.cost = subtractMoney(total.data ?? "0", String(measures.byokCost ?? "0"));
  }
  return measures as Measures;
}

/** Without these a row says nothing that could be booked: where they are not even null, the answer is broken. */
const NEVER_MISSING: ReadonlySet<string> = new Set([
  "request_count",
  "tokens_prompt",
  "tokens_completion",
  COST_METRIC,
]);

/** One value of a row; undefined when it cannot be read. Most values are plain numbers, and there are hundreds of thousands. */
function readValue(raw: Raw, { metric, kind }: Measure): number | string | null | undefined {
  const value = raw[metric];
  if (value === undefined && NEVER_MISSING.has(metric)) return undefined;
  if (value === null || value === undefined) return null;
  if (typeof value === "number" && kind === "money" && Number.isFinite(value)) return String(value);
  if (kind === "count" && typeof value === "string" && PLAIN_COUNT.test(value)) return Number(value);
  const read = VALUES[kind].safeParse(value);
  return read.success ? read.data : undefined;
}

const PLAIN_COUNT = /^\d{1,15}$/;

/** Reads the beginnings of buckets: few in an answer, each of many rows that share one. */
function bucketReader(granularity: Granularity): (raw: Raw) => Date | null {
  const step = STEP_MS[granularity];
  const known = new Map<unknown, Date | null>();
  return (raw) => {
    const told = bucketOf(raw, granularity);
    const found = known.get(told);
    if (found !== undefined) return found;
    const time = instant.safeParse(told);
    const hour = time.success ? new Date(Math.floor(time.data.getTime() / step) * step) : null;
    known.set(told, hour);
    return hour;
  };
}

/** The time column is `date__<granularity>` or `created_at__<granularity>`. */
const bucketOf = (raw: Raw, granularity: Granularity): unknown =>
  raw[`date__${granularity}`] ?? raw[`created_at__${granularity}`] ?? raw.date ?? raw.created_at;
