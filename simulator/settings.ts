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
  /** How analytics answers name a model: dated permaslug, slug, or display name. OpenRouter's pages allow each. */
  modelsShownAs: ModelForm;
  /** What a filter on `model` has to say; `nothing` = whatever it says, it matches nothing and is no error. */
  modelFilters: ModelForm | "nothing";
  /** Filters on `api_key_id`: understood, matching nothing (with a warning), or refused when they name several keys. */
  keyFilters: "match" | "nothing" | "single";
  /** The metrics that there are: `/analytics/meta` lists them, and a query with another is refused whole. Null = all. */
  metrics: readonly string[] | null;
  /** Metrics that are listed and refused all the same: a list that is behind. */
  refusedMetrics: readonly string[];
  /** The status of `/analytics/meta`. */
  metaStatus: 200 | 403 | 404;
  /** Whether the lists of keys and workspaces begin at the first entry whatever `offset` says. */
  ignoresOffset: boolean;
  /** Whether `/key` says who made a key and whose account it is. */
  tellsOwner: boolean;
}

export type ModelForm = "permaslug" | "slug" | "name";

export const defaultSettings: Settings = {
  latencyMs: 0,
  analyticsRateLimit: { requests: 64, windowMs: 60_000 },
  analyticsCacheMs: 0,
  timeColumn: "date",
  timeFormat: "date",
  countsAs: "string",
  modelsShownAs: "slug",
  modelFilters: "slug",
  keyFilters: "match",
  metrics: null,
  refusedMetrics: [],
  metaStatus: 200,
  ignoresOffset: false,
  tellsOwner: true,
};
