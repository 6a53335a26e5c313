/**
 * From figures to what a chart draws. Pure: the components decide nothing.
 * Null means that nothing is known there; it is drawn as a gap, never as zero.
 */
export type Point = { bucket: string; group: string | null; value: number | null };

export type Bucket = {
  /** Start of the bucket, as the points name it. */
  start: string;
  /** One value per series, in their order. */
  parts: (number | null)[];
  total: number | null;
  /** The same bucket of the period compared with. */
  previous: number | null;
  isGap: boolean;
  /** Still running: the figure will grow. */
  isUnfinished: boolean;
};

export type Series = { group: string | null; total: number; isRest: boolean };

export type StackedChart = {
  series: Series[];
  buckets: Bucket[];
  /** Ends of the grid, from 0 to the top, in round steps. */
  ticks: number[];
  top: number;
  /** How many groups are drawn by themselves, of how many. */
  shown: number;
  of: number;
};

type Options = {
  points: Point[];
  /** Every bucket of the period in order; one that no point names is known to be empty. */
  buckets: string[];
  /** Buckets about which nothing is known. */
  gaps?: ReadonlySet<string>;
  unfinished?: string | null;
  /** By position, for the comparison. */
  previous?: (number | null)[];
  most?: number;
};

/** Stacks the largest groups; what remains becomes one series, so that the bars still add up. */
export function prepareStack({ points, buckets, gaps, unfinished, previous = [], most = 5 }: Options): StackedChart {
  const totals = new Map<string | null, number>();
  for (const { group, value } of points) totals.set(group, (totals.get(group) ?? 0) + (value ?? 0));
  const ranked = [...totals].sort(([, a], [, b]) => b - a);
  // One group alone in the rest may as well be named.
  const shown = ranked.length <= most + 1 ? ranked.length : most;
  const series: Series[] = ranked.slice(0, shown).map(([group, total]) => ({ group, total, isRest: false }));
  const rest = ranked.slice(shown).reduce((sum, [, total]) => sum + total, 0);
  if (ranked.length > shown) series.push({ group: null, total: rest, isRest: true });

  const place = new Map(ranked.map(([group], index) => [group, Math.min(index, series.length - 1)]));
  const cells = new Map<string, (number | null)[]>();
  for (const { bucket, group, value } of points) {
    const parts = cells.get(bucket) ?? series.map(() => null);
    const index = place.get(group) ?? 0;
    if (value !== null) parts[index] = (parts[index] ?? 0) + value;
    cells.set(bucket, parts);
  }

  const drawn = buckets.map((start, index): Bucket => {
    const parts = cells.get(start);
    const isGap = !parts && (gaps?.has(start) ?? false);
    return {
      start,
      parts: parts ?? series.map(() => null),
      total: isGap ? null : (parts ?? []).reduce<number>((sum, value) => sum + (value ?? 0), 0),
      previous: previous[index] ?? null,
      isGap,
      isUnfinished: start === unfinished,
    };
  });
  const ticks = niceTicks(Math.max(0, ...drawn.flatMap(({ total, previous }) => [total ?? 0, previous ?? 0])));
  return { series, buckets: drawn, ticks, top: ticks.at(-1) ?? 1, shown, of: ranked.length };
}

/** Round steps (1, 2, 2.5 or 5 times a power of ten) from 0 to at least `highest`. */
export function niceTicks(highest: number, steps = 4): number[] {
  if (!(highest > 0)) return [0, 1];
  const raw = highest / steps;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  return Array.from({ length: Math.ceil(highest / step - 1e-9) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
}

/** Places of at most `most` labels, spread evenly and always with the first. */
export function labelPlaces(length: number, most: number): number[] {
  const every = Math.max(1, Math.ceil(length / most));
  return Array.from({ length: Math.ceil(length / every) }, (_, index) => index * every);
}

/** Runs of neighbouring gaps as [first, length]. */
export function gapRuns(buckets: Bucket[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const [index, { isGap }] of buckets.entries()) {
    const last = runs.at(-1);
    if (!isGap) continue;
    if (last && last[0] + last[1] === index) last[1] += 1;
    else runs.push([index, 1]);
  }
  return runs;
}
