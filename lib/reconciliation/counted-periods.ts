/** The UTC periods that OpenRouter counts a key's spend in beside its whole life, and how the columns of `key_counters` end for each. */
export const COUNTED_PERIODS = [
  { period: "day", column: "daily" },
  { period: "week", column: "weekly" },
  { period: "month", column: "monthly" },
] as const;
