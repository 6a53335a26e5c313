import type { Settings } from "@/simulator/settings";

type Dialect = Partial<Settings>;

/** The metrics that there were before any of the newer ones. */
const OLD_METRICS = [
  "credits_usage",
  "byok_usage",
  "request_count",
  "tokens_prompt",
  "tokens_completion",
  "reasoning_tokens",
  "cached_tokens",
];

/** What OpenRouter's pages allow its answers to be like, where they do not settle it. Sums are exact in each, and so is every key's own. */
export const DIALECTS: Record<string, Dialect> = {
  "slugs in answers and filters": {},
  "permaslugs in answers and filters": { modelsShownAs: "permaslug", modelFilters: "permaslug" },
  "slugs in answers, permaslugs in filters": { modelsShownAs: "slug", modelFilters: "permaslug" },
  "display names in answers, permaslugs in filters": { modelsShownAs: "name", modelFilters: "permaslug" },
  "slugs in answers, display names in filters": { modelsShownAs: "slug", modelFilters: "name" },
  "filters on models that match nothing": { modelsShownAs: "name", modelFilters: "nothing" },
  "times as ISO 8601, named created_at": { timeFormat: "iso", timeColumn: "created_at", countsAs: "number" },
  "times with a space": { timeFormat: "space" },
  "the old metrics alone": { metrics: OLD_METRICS },
  "a list that is behind what is refused": { refusedMetrics: ["usage_web", "byok_request_count"] },
  "no list of metrics": { metaStatus: 404, refusedMetrics: ["possible_cached_tokens"] },
  "no credits_usage": { metrics: [...OLD_METRICS.filter((name) => name !== "credits_usage"), "total_usage"] },
  "filters on keys that take one value": { keyFilters: "single" },
  "nobody says whose an account is": { tellsOwner: false },
};

/** Dialects that nobody thought of: no filter is understood, and no error says so. */
export const DEAF: Dialect = { modelFilters: "nothing", keyFilters: "nothing" };
