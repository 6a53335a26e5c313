const RANKS = ["avg", "p50", "p90", "p95", "p99"];
const FAMILIES = [
  "latency",
  "throughput",
  "router_latency",
  "total_time_to_first_token",
  "generation_time",
  "inter_token_latency",
];

/** OpenRouter's names of all figures of speed (ms, or tokens per second). Averages and percentiles do not add up. */
export const SPEED_FIGURES: readonly string[] = FAMILIES.flatMap((family) => RANKS.map((rank) => `${rank}_${family}`));

/** Whether a name is one of a figure of speed, of a rank that is known here or not (`p75_…`). */
export const isSpeedFigure = (name: string): boolean =>
  new RegExp(`^(avg|p\\d\\d)_(${FAMILIES.join("|")})$`).test(name);
