import { type Money, moneyToJson } from "@/lib/base/money";
import type { KnownSums } from "@/lib/usage/read/sums";

/** `a + b` where an unreported part counts as nothing, unless both are unreported. */
export const addReported = (a: number | null, b: number | null): number | null =>
  a === null && b === null ? null : (a ?? 0) + (b ?? 0);

/** Averages as PostgreSQL works them out: exact decimals, rounded to ten places. */
export type Averages = { [Name in (typeof AVERAGES)[number]]: Money | null };

export const AVERAGES = ["avg_cost_per_request", "avg_requests_per_day", "avg_cost_per_day"] as const;

export type Summary = ReturnType<typeof summaryOf>;

/**
 * The figures on top of every overview, USD. Null = unknown: not reported, or of days that were never read. Averages per day go over all days
 * of the period, empty ones too. The average cost per request is total cost ÷ total requests, and null without any request.
 */
export function summaryOf(total: KnownSums & Averages) {
  return {
    total_requests: total.requests,
    total_cost: total.cost,
    total_tokens_input: total.tokens_input,
    total_tokens_output: total.tokens_output,
    total_tokens: addReported(total.tokens_input, total.tokens_output),
    avg_cost_per_request: moneyToJson(total.avg_cost_per_request),
    avg_requests_per_day: moneyToJson(total.avg_requests_per_day),
    avg_cost_per_day: moneyToJson(total.avg_cost_per_day),
  };
}
