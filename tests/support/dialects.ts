import { metrics } from "@/simulator/analytics/metrics";
import type { Simulator } from "@/simulator/server";
import { defaultSettings, type Settings } from "@/simulator/settings";
import type { WorldOptions } from "@/simulator/world/world";

/**
 * The ways in which OpenRouter may answer, by what its documentation allows. Every sum can be read in each of them, from
 * the cache once its minute of the world's clock is over. Where answers and filters name models differently, a filter by
 * the text that an answer showed matches nothing.
 */
export const DIALECTS = {
  "models named by permaslug": { modelShownAs: "permaslug", modelFilteredBy: "permaslug" },
  "models named by slug, filtered by permaslug": { modelShownAs: "slug", modelFilteredBy: "permaslug" },
  "models named by display name": { modelShownAs: "name", modelFilteredBy: "permaslug" },
  "models named and filtered by slug": { modelShownAs: "slug", modelFilteredBy: "slug" },
  "models named by slug, filtered by display name": { modelShownAs: "slug", modelFilteredBy: "name" },
  "filters on models that match nothing": { modelShownAs: "name", modelFilteredBy: "nothing" },
  "lists of keys refused in filters": { keyFilterLists: false },
  "times as dates": { timeColumn: "date", timeFormat: "date" },
  "times in ISO 8601": { timeColumn: "created_at", timeFormat: "iso" },
  "times without a zone": { timeColumn: "created_at", timeFormat: "space", countsAs: "number" },
  "no metric but the oldest": {
    listedMetrics: [
      "request_count",
      "total_usage",
      "credits_usage",
      "tokens_total",
      "tokens_prompt",
      "tokens_completion",
    ],
  },
  "a list of metrics that is out of date": { refusedMetrics: ["cached_tokens", "byok_request_count", "usage_cache"] },
  "a metric that nobody has heard of": { listedMetrics: [...metrics.keys(), "carbon_grams"] },
  "no list of metrics": { metaStatus: 404 },
  "lists of metrics that are refused": { metaStatus: 403 },
  "answers with warnings": { analyticsWarnings: ["Some data may be delayed"] },
  "answers from a cache of a minute": { analyticsCacheMs: 60_000 },
  "keys that do not tell whose they are": { identityFields: false },
} as const satisfies Record<string, Partial<Settings>>;

/** A dialect that nobody thought of: no filter is understood, and no error says so. */
export const DEAF = { modelFilteredBy: "nothing", keyFilteredBy: "nothing" } as const satisfies Partial<Settings>;

/** A world in which dialects matter: more keys than models, so that asking by model pays, and a variant of a model. */
export const DIALECT_WORLD = {
  days: 4,
  seed: 11,
  keys: 8,
  models: [
    "anthropic/claude-haiku-4.5",
    "openai/gpt-4.1",
    "meta-llama/llama-3.3-70b-instruct",
    "meta-llama/llama-3.3-70b-instruct:free",
  ],
} satisfies WorldOptions;

export type Dialect = keyof typeof DIALECTS;

/** The names of all dialects, for `test.each`. */
export const dialects = Object.keys(DIALECTS) as Dialect[];

/** Has the simulator answer in a dialect from now on, or as it did at first; its limit on calls stays as it is. */
export function speak({ settings }: Pick<Simulator, "settings">, dialect?: Dialect): void {
  const { analyticsRateLimit } = settings;
  Object.assign(settings, defaultSettings, { analyticsRateLimit }, dialect && DIALECTS[dialect]);
}
