import type { Total } from "./grouped";

/** At most ten decimals, as all numbers that leave. */
const decimals = (value: number): number => Number(value.toFixed(10));

/** `a + b` where an unreported part counts as nothing, unless both are unreported. */
export const addReported = (a: number | null, b: number | null): number | null =>
  a === null && b === null ? null : (a ?? 0) + (b ?? 0);

export type Summary = ReturnType<typeof summaryOf>;

/**
 * The figures on top of every overview. Averages per day go over all days of the period, empty ones too. The average cost per request is
 * total cost ÷ total requests, and null without any request.
 */
export function summaryOf(total: Total, days: number) {
  const { requests } = total;
  return {
    total_requests: requests,
    total_cost: total.cost,
    total_tokens_input: total.tokens_input,
    total_tokens_output: total.tokens_output,
    total_tokens: addReported(total.tokens_input, total.tokens_output),
    avg_cost_per_request: requests ? decimals(total.cost / requests) : null,
    avg_requests_per_day: requests === null ? null : decimals(requests / days),
    avg_cost_per_day: decimals(total.cost / days),
  };
}
