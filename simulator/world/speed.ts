import { chanceOf, seedOf } from "./chance";
import type { Cell } from "./ledger";

/** A histogram of requests by how slow they were: 0 = as fast as can be. It can be added up; percentiles cannot. */
export type Speed = number[];

const BUCKETS = 100;
/** Where the tenths of a cell's requests lie above its fastest one, in buckets. */
const SPREAD = [0, 2, 4, 7, 10, 14, 19, 25, 33, 49];

/** ms, or tokens per second, of a request that is slower than the share `slow` of what can be. */
const families: Record<string, (slow: number) => number> = {
  latency: (slow) => 200 + 2800 * slow ** 2,
  throughput: (slow) => 1000 / (5 + 35 * slow),
  router_latency: (slow) => 4 + 60 * slow,
  total_time_to_first_token: (slow) => 204 + 60 * slow + 2800 * slow ** 2,
  generation_time: (slow) => 400 + 9000 * slow ** 2,
  inter_token_latency: (slow) => 5 + 35 * slow,
};
const ranks = { avg: null, p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

/** `avg_latency`, `p50_throughput` and so on: every rank of every family. */
export const speedNames: readonly string[] = Object.keys(families).flatMap((family) =>
  Object.keys(ranks).map((rank) => `${rank}_${family}`),
);

export const noSpeed = (): Speed => Array.from({ length: BUCKETS }, () => 0);

/** Adds requests of a cell in place. How slow they were depends on model, provider and hour alone. */
export function addSpeed(into: Speed, { model, provider, hour }: Cell, requests: number): void {
  const fastest = Math.floor(chanceOf(seedOf(model ?? ""), seedOf(provider), hour) * (BUCKETS / 2));
  for (const distance of SPREAD) into[fastest + distance] = (into[fastest + distance] ?? 0) + requests;
}

interface Reading {
  value: (slow: number) => number;
  /** Which share of the requests is better; null = the mean of all. */
  share: number | null;
}

/** How each metric is read of a histogram, by its wire name. */
const readings = new Map<string, Reading>(
  Object.entries(families).flatMap(([family, value]) =>
    Object.entries(ranks).map(([rank, share]): [string, Reading] => {
      const isWorseAbove = value(1) > value(0);
      return [`${rank}_${family}`, { value, share: share === null || isWorseAbove ? share : 1 - share }];
    }),
  ),
);

/** Requests in each bucket and all below it; thirty metrics are read of one histogram. */
const sums = new WeakMap<Speed, number[]>();
function cumulativeOf(speed: Speed): number[] {
  const known = sums.get(speed);
  if (known) return known;
  let below = 0;
  const cumulative = speed.map((count) => (below += count));
  sums.set(speed, cumulative);
  return cumulative;
}

/** One of the speed metrics, to the hundredth; null without requests. The histogram must be complete. */
export function readSpeed(speed: Speed, name: string): number | null {
  const reading = readings.get(name);
  const cumulative = cumulativeOf(speed);
  const all = cumulative.at(-1) ?? 0;
  if (!reading || all === 0) return null;
  const { value, share } = reading;
  const answer =
    share === null
      ? speed.reduce((sum, count, bucket) => (count === 0 ? sum : sum + count * value(bucket / BUCKETS)), 0) / all
      : value(
          Math.max(
            0,
            cumulative.findIndex((below) => below > 0 && below >= share * all),
          ) / BUCKETS,
        );
  return Math.round(answer * 100) / 100;
}
