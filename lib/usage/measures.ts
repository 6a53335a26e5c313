/**
 * The one list of what is counted, wherever it is counted. Every column list, sum and comparison of usage is made from it. Nothing here loads
 * anything: the browser has it too.
 *
 * `metric` is the name in OpenRouter's analytics (`GET /analytics/meta` lists them). `reach`: `year` metrics answer windows of up to 365 days;
 * `month` metrics answer at most 31 days and are asked for hours only, so rows of whole days have null. Counts are whole numbers, money is exact
 * decimal text in USD. Null = not reported, never 0.
 */
export const MEASURES = [
  { name: "requests", column: "requests", metric: "request_count", kind: "count", reach: "year" },
  { name: "tokensInput", column: "tokens_input", metric: "tokens_prompt", kind: "count", reach: "year" },
  { name: "tokensOutput", column: "tokens_output", metric: "tokens_completion", kind: "count", reach: "year" },
  { name: "tokensReasoning", column: "tokens_reasoning", metric: "reasoning_tokens", kind: "count", reach: "year" },
  { name: "tokensCached", column: "tokens_cached", metric: "cached_tokens", kind: "count", reach: "year" },
  { name: "cost", column: "cost", metric: "credits_usage", kind: "money", reach: "year" },
  { name: "byokCost", column: "byok_cost", metric: "byok_usage", kind: "money", reach: "year" },
  { name: "byokRequests", column: "byok_requests", metric: "byok_request_count", kind: "count", reach: "month" },
  {
    name: "tokensCacheable",
    column: "tokens_cacheable",
    metric: "possible_cached_tokens",
    kind: "count",
    reach: "month",
  },
  {
    name: "requestsFromCache",
    column: "requests_from_cache",
    metric: "response_cached_count",
    kind: "count",
    reach: "month",
  },
  {
    name: "requestsGuarded",
    column: "requests_guarded",
    metric: "guardrail_invoked_count",
    kind: "count",
    reach: "month",
  },
  { name: "costUpstream", column: "cost_upstream", metric: "usage_upstream", kind: "money", reach: "year" },
  { name: "costCache", column: "cost_cache", metric: "usage_cache", kind: "money", reach: "year" },
  { name: "costData", column: "cost_data", metric: "usage_data", kind: "money", reach: "year" },
  { name: "costWeb", column: "cost_web", metric: "usage_web", kind: "money", reach: "year" },
  { name: "costUpstreamWeb", column: "cost_upstream_web", metric: "usage_upstream_web", kind: "money", reach: "year" },
  { name: "costWithoutByok", column: "cost_without_byok", metric: "openrouter_usage", kind: "money", reach: "month" },
  { name: "costByokFees", column: "cost_byok_fees", metric: "byok_fees", kind: "money", reach: "month" },
  { name: "costFile", column: "cost_file", metric: "usage_file", kind: "money", reach: "month" },
  {
    name: "costUpstreamFile",
    column: "cost_upstream_file",
    metric: "usage_upstream_file",
    kind: "money",
    reach: "month",
  },
  { name: "costWebFetch", column: "cost_web_fetch", metric: "usage_web_fetch", kind: "money", reach: "month" },
  {
    name: "costUpstreamWebFetch",
    column: "cost_upstream_web_fetch",
    metric: "usage_upstream_web_fetch",
    kind: "money",
    reach: "month",
  },
] as const;

export type Measure = (typeof MEASURES)[number];
export type MeasureColumn = Measure["column"];
type NameOf<Kind extends Measure["kind"]> = Extract<Measure, { kind: Kind }>["name"];

/** What the requests of one key, hour, model and provider amount to. Only `cost` is always known. */
export type Measures = { [Name in NameOf<"count">]: number | null } & {
  [Name in Exclude<NameOf<"money">, "cost">]: string | null;
} & { cost: string };

/** The columns of all measures, in one order everywhere. */
export const MEASURE_COLUMNS: readonly MeasureColumn[] = MEASURES.map(({ column }) => column);

/** No measure reported: what a row has beyond the ones that its source knows. */
export const NOT_REPORTED = Object.fromEntries(
  MEASURES.filter(({ name }) => name !== "cost").map(({ name }) => [name, null]),
) as Omit<Measures, "cost">;
