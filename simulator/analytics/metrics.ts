import { unitsToNumber } from "../money";
import { type Component, componentOf, components } from "../world/details";
import type { Figures } from "../world/figures";
import type { Counts } from "../world/ledger";
import { readSpeed, speedNames } from "../world/speed";

export type DisplayFormat = "number" | "currency" | "percent" | "latency" | "throughput";

export interface Metric {
  label: string;
  format: DisplayFormat;
  isRate: boolean;
  /** Only within 31 days, as latencies and blended prices are. */
  isRecentOnly: boolean;
  /** What it is read of besides the plain counts. */
  needs: "details" | "speed" | null;
  /** Counts (format `number`) become text on the wire. null = not reported. */
  read(figures: Figures): number | null;
}

type Traits = Partial<Pick<Metric, "isRate" | "isRecentOnly" | "needs">>;
const metric = (label: string, format: DisplayFormat, read: Metric["read"], traits: Traits = {}): Metric => ({
  label,
  format,
  isRate: format !== "currency" && format !== "number",
  isRecentOnly: false,
  needs: null,
  ...traits,
  read,
});
const count = (label: string, read: (counts: Counts) => number | null) =>
  metric(label, "number", ({ counts }) => read(counts));
const money = (label: string, read: (counts: Counts) => number | null, traits?: Traits) =>
  metric(label, "currency", ({ counts }) => usd(read(counts)), traits);
/** Known to OpenRouter, never reported by this world. */
export const absent = (label: string, format: DisplayFormat): Metric => metric(label, format, () => null);

const recent: Traits = { isRecentOnly: true };
const detailed: Traits = { needs: "details" };
const recentDetailed: Traits = { ...recent, ...detailed };

const usd = (units: number | null) => (units === null ? null : unitsToNumber(units));
/** What was charged; null where OpenRouter reports no credits. */
const charged = ({ cost, isCostReported }: Counts) => (isCostReported ? cost : null);

/** A share, 0 to 1, to four decimals; null where either side is not reported or there is nothing to share. */
function rate(part: number | null | undefined, whole: number | null | undefined): number | null {
  if (part === null || part === undefined || !whole) return null;
  return Math.round((part / whole) * 10_000) / 10_000;
}

function blendedCost({ counts: { cost, tokensPrompt, tokensCompletion } }: Figures): number | null {
  const tokens = tokensPrompt + tokensCompletion;
  return tokens === 0 ? null : unitsToNumber(Math.round((cost / tokens) * 1_000_000));
}

/** The components that OpenRouter keeps for 31 days. */
const RECENT_COMPONENTS: readonly Component[] = [
  "usage_file",
  "usage_upstream_file",
  "usage_web_fetch",
  "usage_upstream_web_fetch",
];

const componentMetrics = components.map((name, index): [string, Metric] => {
  const label = name.replaceAll("_", " ").replace("usage", "Usage");
  const read = ({ details }: Figures) => usd(details && componentOf(details, index));
  return [name, metric(label, "currency", read, RECENT_COMPONENTS.includes(name) ? recentDetailed : detailed)];
});

const speedMetrics = speedNames.map((name): [string, Metric] => {
  const format = name.endsWith("throughput") ? "throughput" : "latency";
  const read = ({ speed }: Figures) => speed && readSpeed(speed, name);
  return [name, metric(name.replaceAll("_", " "), format, read, { ...recent, needs: "speed" })];
});

/** The metrics of `GET /analytics/meta`, by their wire name. */
export const metrics: ReadonlyMap<string, Metric> = new Map<string, Metric>([
  ["request_count", count("Request Count", (counts) => counts.requests)],
  ["total_usage", money("Total Usage", (counts) => counts.cost + counts.byokCost)],
  ["credits_usage", money("Credits Usage", charged)],
  ["openrouter_usage", money("OpenRouter Usage", (counts) => counts.cost - counts.byokFees, recent)],
  ["byok_usage", money("BYOK Usage", (counts) => counts.byokCost)],
  ["byok_fees", money("BYOK Fees", (counts) => counts.byokFees, recent)],
  ["byok_request_count", count("BYOK Request Count", (counts) => counts.byokRequests)],
  ["tokens_total", count("Total Tokens", (counts) => counts.tokensPrompt + counts.tokensCompletion)],
  ["tokens_prompt", count("Prompt Tokens", (counts) => counts.tokensPrompt)],
  ["tokens_completion", count("Completion Tokens", (counts) => counts.tokensCompletion)],
  ["reasoning_tokens", count("Reasoning Tokens", (counts) => counts.tokensReasoning)],
  ["cached_tokens", count("Cached Tokens", (counts) => counts.tokensCached)],
  [
    "possible_cached_tokens",
    metric("Possible Cached Tokens", "number", ({ details }) => details?.tokensCacheable ?? null, detailed),
  ],
  [
    "cache_hit_rate",
    metric("Cache Hit Rate", "percent", ({ counts }) => rate(counts.tokensCached, counts.tokensPrompt)),
  ],
  [
    "possible_cache_hit_rate",
    metric(
      "Possible Cache Hit Rate",
      "percent",
      ({ counts, details }) => rate(details?.tokensCacheable, counts.tokensPrompt),
      detailed,
    ),
  ],
  [
    "cache_capture_rate",
    metric(
      "Cache Capture Rate",
      "percent",
      ({ counts, details }) => rate(counts.tokensCached, details?.tokensCacheable),
      detailed,
    ),
  ],
  [
    "blended_cost_per_million_tokens",
    metric("Blended Cost per Million Tokens", "currency", blendedCost, { ...recent, isRate: true }),
  ],
  [
    "guardrail_invoked_count",
    metric("Guardrail Invoked Count", "number", ({ details }) => details?.requestsGuarded ?? null, recentDetailed),
  ],
  [
    "guardrail_invoked_rate",
    metric(
      "Guardrail Invoked Rate",
      "percent",
      ({ counts, details }) => rate(details?.requestsGuarded, counts.requests),
      recentDetailed,
    ),
  ],
  [
    "response_cached_count",
    metric("Response Cached Count", "number", ({ details }) => details?.requestsFromCache ?? null, recentDetailed),
  ],
  [
    "response_cached_rate",
    metric(
      "Response Cached Rate",
      "percent",
      ({ counts, details }) => rate(details?.requestsFromCache, counts.requests),
      recentDetailed,
    ),
  ],
  ...componentMetrics,
  ...speedMetrics,
]);
