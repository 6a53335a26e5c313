import { unitsToNumber } from "../money";
import type { Counts } from "../world/ledger";

export type DisplayFormat = "number" | "currency" | "percent" | "latency" | "throughput";

export interface Metric {
  label: string;
  format: DisplayFormat;
  isRate: boolean;
  /** Only within 31 days, as latencies and blended prices are. */
  isRecentOnly: boolean;
  /** Counts (format `number`) become text on the wire. null = not reported. */
  read(counts: Counts): number | null;
}

const count = (label: string, read: Metric["read"]): Metric => ({
  label,
  format: "number",
  isRate: false,
  isRecentOnly: false,
  read,
});
const money = (label: string, read: (counts: Counts) => number): Metric => ({
  label,
  format: "currency",
  isRate: false,
  isRecentOnly: false,
  read: (counts) => unitsToNumber(read(counts)),
});
/** Known to OpenRouter, never reported by this world. */
export const absent = (label: string, format: DisplayFormat, isRecentOnly = false): Metric => ({
  label,
  format,
  isRate: format !== "currency" && format !== "number",
  isRecentOnly,
  read: () => null,
});
const percent = (label: string, read: Metric["read"]): Metric => ({
  label,
  format: "percent",
  isRate: true,
  isRecentOnly: false,
  read,
});

const families = ["avg", "p50", "p90", "p99"].flatMap((rank) => [
  [`${rank}_latency`, absent(`${rank} Latency`, "latency", true)] as const,
  [`${rank}_throughput`, absent(`${rank} Throughput`, "throughput", true)] as const,
]);

/** Share of prompt tokens read from a cache, 0 to 1; null without prompt tokens or a cache. */
const cacheHitRate = ({ tokensCached, tokensPrompt }: Counts) =>
  tokensCached === null || tokensPrompt === 0 ? null : Math.round((tokensCached / tokensPrompt) * 10_000) / 10_000;

function blendedCost({ cost, tokensPrompt, tokensCompletion }: Counts): number | null {
  const tokens = tokensPrompt + tokensCompletion;
  return tokens === 0 ? null : unitsToNumber(Math.round((cost / tokens) * 1_000_000));
}

/** The metrics of `GET /analytics/meta`, by their wire name. */
export const metrics: ReadonlyMap<string, Metric> = new Map<string, Metric>([
  ["request_count", count("Request Count", (counts) => counts.requests)],
  ["total_usage", money("Total Usage", (counts) => counts.cost + counts.byokCost)],
  ["credits_usage", money("Credits Usage", (counts) => counts.cost)],
  ["openrouter_usage", money("OpenRouter Usage", (counts) => counts.cost - counts.byokFees)],
  ["byok_usage", money("BYOK Usage", (counts) => counts.byokCost)],
  ["byok_fees", money("BYOK Fees", (counts) => counts.byokFees)],
  ["byok_request_count", count("BYOK Request Count", (counts) => counts.byokRequests)],
  ["tokens_total", count("Total Tokens", (counts) => counts.tokensPrompt + counts.tokensCompletion)],
  ["tokens_prompt", count("Prompt Tokens", (counts) => counts.tokensPrompt)],
  ["tokens_completion", count("Completion Tokens", (counts) => counts.tokensCompletion)],
  ["reasoning_tokens", count("Reasoning Tokens", (counts) => counts.tokensReasoning)],
  ["cached_tokens", count("Cached Tokens", (counts) => counts.tokensCached)],
  ["possible_cached_tokens", absent("Possible Cached Tokens", "number")],
  ["cache_hit_rate", percent("Cache Hit Rate", cacheHitRate)],
  ["possible_cache_hit_rate", absent("Possible Cache Hit Rate", "percent")],
  ["cache_capture_rate", absent("Cache Capture Rate", "percent")],
  [
    "blended_cost_per_million_tokens",
    {
      label: "Blended Cost per Million Tokens",
      format: "currency",
      isRate: true,
      isRecentOnly: true,
      read: blendedCost,
    },
  ],
  ["guardrail_invoked_count", absent("Guardrail Invoked Count", "number")],
  ["guardrail_invoked_rate", absent("Guardrail Invoked Rate", "percent")],
  ["response_cached_count", absent("Response Cached Count", "number")],
  ["response_cached_rate", absent("Response Cached Rate", "percent")],
  ...[
    "upstream",
    "cache",
    "data",
    "web",
    "upstream_web",
    "file",
    "upstream_file",
    "web_fetch",
    "upstream_web_fetch",
  ].map((part) => [`usage_${part}`, absent(`Usage ${part.replaceAll("_", " ")}`, "currency")] as const),
  ...families,
]);
