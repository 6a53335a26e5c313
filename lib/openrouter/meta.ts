import "server-only";
import { z } from "zod";
import { type Call, callOpenRouter } from "./client";
import { parseAnswer } from "./wire";

const Names = z
  .array(z.unknown())
  .transform((list) => list.flatMap((entry) => z.object({ name: z.string() }).safeParse(entry).data?.name ?? []));
const Meta = z.object({ data: z.object({ metrics: Names, dimensions: Names }) });

/** The metrics and dimensions that analytics know now, by OpenRouter's names. */
export type AnalyticsMeta = { metrics: string[]; dimensions: string[] };

/**
 * `GET /analytics/meta`, by a management key. OpenRouter says that it is the truth and that names drift; a query with a name that is not listed
 * is refused as a whole.
 */
export async function readMeta(secret: string, call: Call = {}): Promise<AnalyticsMeta> {
  return parseAnswer(Meta, await callOpenRouter(secret, "/analytics/meta", call), "its metrics").data;
}

/** Names that are known here and not read: sums of others, and rates that are computed from what is read. */
const KNOWN_AND_NOT_READ = [
  "total_usage",
  "tokens_total",
  "cache_hit_rate",
  "possible_cache_hit_rate",
  "cache_capture_rate",
  "blended_cost_per_million_tokens",
  "guardrail_invoked_rate",
  "response_cached_rate",
];

export const isKnownAndNotRead = (name: string): boolean => KNOWN_AND_NOT_READ.includes(name);
