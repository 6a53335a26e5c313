import type { StackedChart } from "@/lib/usage/present/series";

/** Drawing units of the height; the width has one unit per bucket. */
export const HEIGHT = 100;
const BAR = 0.78;

const round = (value: number): number => Number(value.toFixed(3));

/** One SVG path per series: its bars, standing on those of the series before. Unfinished buckets are left to `unfinishedPaths`. */
export const barPaths = (chart: StackedChart): string[] => bars(chart, false);

/** The same for the bucket that is still running, which is drawn paler. */
export const unfinishedPaths = (chart: StackedChart): string[] => bars(chart, true);

function bars({ series, buckets, top }: StackedChart, unfinished: boolean): string[] {
  const paths = series.map(() => "");
  for (const [x, bucket] of buckets.entries()) {
    if (bucket.isUnfinished !== unfinished) continue;
    let floor = HEIGHT;
    for (const [index, value] of bucket.parts.entries()) {
      if (!value) continue;
      const height = (value / top) * HEIGHT;
      floor -= height;
      paths[index] += `M${round(x + (1 - BAR) / 2)} ${round(floor)}h${BAR}v${round(height)}h-${BAR}z`;
    }
  }
  return paths;
}

/** A line through the previous period's totals, broken where nothing is known. */
export function previousPath({ buckets, top }: StackedChart): string {
  let pen = "M";
  let path = "";
  for (const [x, { previous }] of buckets.entries()) {
    if (previous === null) {
      pen = "M";
      continue;
    }
    path += `${pen}${x + 0.5} ${round(HEIGHT - (previous / top) * HEIGHT)}`;
    pen = "L";
  }
  return path;
}
