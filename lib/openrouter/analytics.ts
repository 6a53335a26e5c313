import "server-only";
import { z } from "zod";
import { DAY_MS, HOUR_MS } from "@/lib/time";
import { type Call, callOpenRouter } from "./client";
import { UpstreamError } from "./errors";
import type { Figures } from "./figures";
import { absent, count, decimal, instant, optional, parseAnswer } from "./wire";

export type Dimension = "model" | "api_key_id" | "provider";
export type Granularity = "hour" | "day";
export type Filter = { field: Dimension; operator: "eq"; value: string };
/** Half-open, aligned to the granularity. */
export type Window = { start: Date; end: Date };
export type Query = { dimensions: Dimension[]; granularity: Granularity; filters?: Filter[] };

/** What one bucket says of one key. */
export type AnalyticsRow = Figures & { bucket: Date; keyName: string | null };

/** `credits_usage` is what OpenRouter billed; `total_usage` would add an estimate of what others billed. */
const METRICS = [
  "credits_usage",
  "byok_usage",
  "request_count",
  "tokens_prompt",
  "tokens_completion",
  "reasoning_tokens",
  "cached_tokens",
];
const LIMIT = 10_000;
const STEP: Record<Granularity, number> = { hour: HOUR_MS, day: DAY_MS };

const Row = z.object({
  model: optional(z.string()),
  api_key_id: optional(z.union([z.string(), z.number().transform(String)])),
  provider: optional(z.string()),
  request_count: absent(count),
  tokens_prompt: absent(count),
  tokens_completion: absent(count),
  reasoning_tokens: absent(count),
  cached_tokens: absent(count),
  credits_usage: decimal,
  byok_usage: absent(decimal),
});

const Answer = z.object({
  data: z.object({
    data: z.array(z.record(z.string(), z.unknown())),
    metadata: optional(z.object({ truncated: optional(z.boolean()) })),
  }),
});

export type AnalyticsRows = { rows: AnalyticsRow[]; rejected: number };

/**
 * `POST /analytics/query` over a whole window, in as many pieces as it takes: a truncated answer is never summed, the window is narrowed and
 * asked again. Rows that cannot be read are counted in `rejected`.
 */
export async function queryAnalytics(
  secret: string,
  query: Query,
  window: Window,
  call: Call = {},
): Promise<AnalyticsRows> {
  const step = STEP[query.granularity];
  const all: AnalyticsRows = { rows: [], rejected: 0 };
  let span = Math.ceil((window.end.getTime() - window.start.getTime()) / step);
  for (let start = window.start; start < window.end; ) {
    const end = new Date(Math.min(start.getTime() + span * step, window.end.getTime()));
    const piece = await queryWhole(secret, query, { start, end }, call);
    if (piece === "truncated") {
      if (span === 1)
        throw new UpstreamError("bad_request", "OpenRouter truncates even a single hour of this account's usage");
      span = Math.ceil(span / 2);
      continue;
    }
    all.rows.push(...piece.rows);
    all.rejected += piece.rejected;
    start = end;
    // Widen again where traffic is thin, with a margin so that it does not flip back and forth.
    if (piece.rows.length < LIMIT / 4) span *= 2;
  }
  return all;
}

/** A row that cannot be read may be a passing fault, so the question is put twice more before the rest is taken without it. */
async function queryWhole(
  secret: string,
  query: Query,
  window: Window,
  call: Call,
): Promise<AnalyticsRows | "truncated"> {
  for (let attempt = 0; ; attempt++) {
    const piece = await queryPiece(secret, query, window, call);
    if (piece === "truncated" || piece.rejected === 0 || attempt === 2) return piece;
  }
}

async function queryPiece(
  secret: string,
  query: Query,
  window: Window,
  call: Call,
): Promise<AnalyticsRows | "truncated"> {
  const body = {
    metrics: METRICS,
    dimensions: query.dimensions,
    granularity: query.granularity,
    time_range: { start: withSeconds(window.start), end: withSeconds(window.end) },
    ...(query.filters && { filters: query.filters }),
    limit: LIMIT,
  };
  const answer = await callOpenRouter(secret, "/analytics/query", { ...call, method: "POST", body });
  const { data, metadata } = parseAnswer(Answer, answer, "usage").data;
  if (metadata?.truncated || data.length >= LIMIT) return "truncated";
  const rows: AnalyticsRow[] = [];
  let rejected = 0;
  for (const raw of data) {
    const row = readRow(raw, query);
    if (!row) rejected++;
    // Whether `end` is inclusive is not documented, so what lies beyond it is dropped here.
    else if (row.bucket >= window.start && row.bucket < window.end) rows.push(row);
  }
  return { rows, rejected };
}

/** ISO 8601 UTC with seconds, without milliseconds. */
const withSeconds = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");

function readRow(raw: Record<string, unknown>, query: Query): AnalyticsRow | null {
  const bucket = instant.safeParse(bucketOf(raw, query.granularity));
  const parsed = Row.safeParse(raw);
  if (!bucket.success || !parsed.success) return null;
  const row = parsed.data;
  if (query.dimensions.includes("model") && row.model === null) return null;
  return {
    bucket: new Date(Math.floor(bucket.data.getTime() / STEP[query.granularity]) * STEP[query.granularity]),
    model: row.model,
    keyName: row.api_key_id,
    provider: row.provider,
    requests: row.request_count,
    tokensInput: row.tokens_prompt,
    tokensOutput: row.tokens_completion,
    tokensReasoning: row.reasoning_tokens,
    tokensCached: row.cached_tokens,
    cost: row.credits_usage,
    byokCost: row.byok_usage,
  };
}

/** The time column is `date__<granularity>` or `created_at__<granularity>`. */
const bucketOf = (raw: Record<string, unknown>, granularity: Granularity): unknown =>
  raw[`date__${granularity}`] ?? raw[`created_at__${granularity}`] ?? raw.date ?? raw.created_at;
