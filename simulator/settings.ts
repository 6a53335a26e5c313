import { modelNames } from "./model-names";

/** How the simulator behaves where OpenRouter varies, is documented in two ways, or would be in a test's way. */
export interface Settings {
  /** Milliseconds that every answer takes. Default 0. */
  latencyMs: number;
  /** Analytics calls an account may make per window; false = no limit. Default 64 per 60,000 ms. */
  analyticsRateLimit: false | { requests: number; windowMs: number };
  /** How long, in ms of the world's clock, an analytics query is answered from a cache with `cachedAt`. Default 0. */
  analyticsCacheMs: number;
  /** Stem of the time column: `date__hour` or `created_at__hour`. Both are seen in the wild. */
  timeColumn: "date" | "created_at";
  /** `space`: `2026-05-19 14:00:00`; `iso`: `2026-05-19T14:00:00.000Z`; `date`: days as `2026-05-19`. */
  timeFormat: "date" | "iso" | "space";
  /** Whether analytics counts come as strings, as OpenRouter sends them, or as numbers, as its specification shows. */
  countsAs: "string" | "number";
  /** How the `model` of an analytics answer is written. Default `slug`. */
  modelShownAs: "permaslug" | "slug" | "name";
  /** What a filter on `model` compares with; `nothing`: no text equals any model. Default `slug`. */
  modelFilteredBy: "permaslug" | "slug" | "name" | "nothing";
  /** `nothing`: no value of a filter on `api_key_id` is resolved, which earns a warning each. Default `hash`. */
  keyFilteredBy: "hash" | "nothing";
  /** Whether `in` and `not_in` are accepted on `api_key_id`; otherwise 400. Default true. */
  keyFilterLists: boolean;
  /** The metrics that `/analytics/meta` lists and a query may ask for, unheard-of ones among them; null = all. */
  listedMetrics: readonly string[] | null;
  /** Metrics that a query refuses with 400 although `/analytics/meta` lists them. Default none. */
  refusedMetrics: readonly string[];
  /** The dimensions that `/analytics/meta` lists and a query may use; null = all. */
  listedDimensions: readonly string[] | null;
  /** Whether 31 days is how long a window may be, or how long ago it may begin. Default `length`. */
  recentBy: "length" | "age";
  /** Warnings that every analytics answer bears, besides those of keys that are not resolved. Default none. */
  analyticsWarnings: readonly string[];
  /** How many days before now analytics reaches; what is older is in no answer. null = as far as the books do. */
  historyDays: number | null;
  /** Whether paged lists (keys, workspaces, destinations, models) begin anew whatever `offset` says. Default false. */
  ignoresOffset: boolean;
  /** Whether `GET /key` tells `creator_user_id` and `organization_id`. Default true. */
  identityFields: boolean;
  /** HTTP status with which all of analytics is refused; null = it is not. */
  analyticsStatus: number | null;
  /** HTTP status with which `/analytics/meta` alone is refused; null = it is not. */
  metaStatus: number | null;
}

export const defaultSettings: Settings = {
  latencyMs: 0,
  analyticsRateLimit: { requests: 64, windowMs: 60_000 },
  analyticsCacheMs: 0,
  timeColumn: "date",
  timeFormat: "date",
  countsAs: "string",
  modelShownAs: "slug",
  modelFilteredBy: "slug",
  keyFilteredBy: "hash",
  keyFilterLists: true,
  listedMetrics: null,
  refusedMetrics: [],
  listedDimensions: null,
  recentBy: "length",
  analyticsWarnings: [],
  historyDays: null,
  ignoresOffset: false,
  identityFields: true,
  analyticsStatus: null,
  metaStatus: null,
};

type Check = (value: unknown) => boolean;
const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (value) =>
    allowed.includes(value);
const isCount: Check = (value) => Number.isInteger(value) && Number(value) >= 0;
const isNames: Check = (value) => Array.isArray(value) && value.every((name) => typeof name === "string");
const isStatus: Check = (value) => isCount(value) && Number(value) >= 400 && Number(value) < 600;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const isFlag: Check = (value) => typeof value === "boolean";
const isRateLimit: Check = (value) =>
  value === false ||
  (typeof value === "object" &&
    value !== null &&
    "requests" in value &&
    "windowMs" in value &&
    isCount(value.requests) &&
    isCount(value.windowMs));

const checks: Record<keyof Settings, Check> = {
  latencyMs: isCount,
  analyticsRateLimit: isRateLimit,
  analyticsCacheMs: isCount,
  timeColumn: oneOf("date", "created_at"),
  timeFormat: oneOf("date", "iso", "space"),
  countsAs: oneOf("string", "number"),
  modelShownAs: oneOf(...modelNames),
  modelFilteredBy: oneOf(...modelNames, "nothing"),
  keyFilteredBy: oneOf("hash", "nothing"),
  keyFilterLists: isFlag,
  listedMetrics: orNull(isNames),
  refusedMetrics: isNames,
  listedDimensions: orNull(isNames),
  recentBy: oneOf("length", "age"),
  analyticsWarnings: isNames,
  historyDays: orNull(isCount),
  ignoresOffset: isFlag,
  identityFields: isFlag,
  analyticsStatus: orNull(isStatus),
  metaStatus: orNull(isStatus),
};

/** Settings that came as JSON from another process. Throws RangeError on an unknown name or value. */
export function readSettings(given: Record<string, unknown>): Partial<Settings> {
  for (const [name, value] of Object.entries(given)) {
    const check = Object.entries(checks).find(([known]) => known === name)?.[1];
    if (!check?.(value)) throw new RangeError(`No such setting: ${name} = ${JSON.stringify(value)}`);
  }
  return given;
}
