/** How the simulator behaves where OpenRouter's behaviour varies or would be in a test's way. */
export interface Settings {
  /** Milliseconds that every answer takes. Default 0. */
  latencyMs: number;
  /** Analytics calls an account may make per window; false = no limit. Default 64 per 60,000 ms. */
  analyticsRateLimit: false | { requests: number; windowMs: number };
  /** Milliseconds for which the same analytics query is answered from a cache, stale, with `cachedAt`. Default 0. */
  analyticsCacheMs: number;
  /** Stem of the time column: `date__hour` or `created_at__hour`. Both are seen in the wild. */
  timeColumn: "date" | "created_at";
  /** `date`: day and coarser as `2026-05-19`, else as `space`; `iso`: `2026-05-19T14:00:00.000Z`; `space`: `2026-05-19 14:00:00`. */
  timeFormat: "date" | "iso" | "space";
  /** Whether analytics counts come as strings, as OpenRouter sends them, or as numbers, as its specification shows. */
  countsAs: "string" | "number";
}

export const defaultSettings: Settings = {
  latencyMs: 0,
  analyticsRateLimit: { requests: 64, windowMs: 60_000 },
  analyticsCacheMs: 0,
  timeColumn: "date",
  timeFormat: "date",
  countsAs: "string",
};
