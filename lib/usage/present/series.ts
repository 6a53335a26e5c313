/**
 * From figures to what a chart draws. Pure: the components decide nothing.
 * Null means that nothing is known there; it is drawn as a gap, never as zero.
 */
export type Point = { date: string; value: number | null };
export type Line = { id: string | null; label: string; total: number | null; points: Point[] };

export type Bucket = {
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

export type Series = { id: string | null; label: string; total: number | null; isRest: boolean };

export type StackedChart = {
  series: Series[];
  buckets: Bucket[];
  /** Lines of the grid, from 0 to the top, in round steps. */
  ticks: number[];
  top: number;
  /** What all of it adds up to; null = unknown. */
  total: number | null;
  /** So many groups are drawn by themselves, of how many. */
  shown: number;
  of: number;
  /** Of no bucket anything is known. */
  isUnknown: boolean;
};

type Given = {
  /** Largest first; each with a point for every bucket. */
  lines: Line[];
  /** What the other groups add up to, so that the bars still show everything. */
  rest?: (Line & { groups: number }) | null;
  /** What all lines and the rest add up to, exactly. */
  whole: { total: number | null; points: Point[] };
  /** For a chart without any line. */
  buckets: string[];
  /** Nothing is known before the first and after the last: bucket starts, both included. */
  knownFrom?: string | null;
  knownTo?: string | null;
  unfinished?: string | null;
  /** By position, for the comparison. */
  previous?: Point[];
};

export function prepareStack(given: Given): StackedChart {
  const { lines, rest, whole, previous = [] } = given;
  const all = rest ? [...lines, rest] : lines;
  const buckets = given.buckets.map((start, index): Bucket => {
    const parts = all.map((line) => line.points[index]?.value ?? null);
    const isUnknown = isOutside(start, given) && parts.every((value) => !value);
    const isGap = isUnknown || (parts.length > 0 && parts.every((value) => value === null));
    return {
      start,
      parts,
      total: isGap ? null : (whole.points[index]?.value ?? 0),
      previous: knownValue(previous[index], given),
      isGap,
      isUnfinished: start === given.unfinished,
    };
  });
  const ticks = niceTicks(Math.max(0, ...buckets.flatMap((bucket) => [bucket.total ?? 0, bucket.previous ?? 0])));
  return {
    series: all.map(({ id, label, total }) => ({ id, label, total, isRest: rest?.label === label && rest.id === id })),
    buckets,
    total: whole.total,
    ticks,
    top: ticks.at(-1) ?? 1,
    shown: lines.length,
    of: lines.length + (rest?.groups ?? 0),
    isUnknown: buckets.every(({ isGap }) => isGap),
  };
}

/** Whether a bucket begins where nothing is known. */
const isOutside = (start: string, { knownFrom: from, knownTo: to }: Given): boolean =>
  (from != null && start < from) || (to != null && start > to);

/** What did arrive where nothing is known is known all the same; that nothing did is not. */
function knownValue(point: Point | undefined, given: Given): number | null {
  if (!point) return null;
  return isOutside(point.date, given) ? point.value || null : point.value;
}

/** Round steps (1, 2, 2.5 or 5 times a power of ten) from 0 to at least `highest`. */
export function niceTicks(highest: number, steps = 4): number[] {
  if (!(highest > 0)) return [0, 1];
  const raw = highest / steps;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  const count = Math.ceil(highest / step - 1e-9) + 1;
  return Array.from({ length: count }, (_, index) => Number((index * step).toPrecision(12)));
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
