import type { TeamReader } from "@/lib/access/viewer";
import { readMetrics } from "@/lib/metrics/metrics";

/** What one scrape exposes of a counter, by the series' labels as JSON, and the sum of it. */
export type Scraped = { series: Map<string, number>; sum: number };

/**
 * A scrape of one of the counters, for example `cost_usd`; values are multiplied by `scale` and rounded, so that they
 * add up exactly.
 */
export async function scrape(viewer: TeamReader, name: string, scale = 1): Promise<Scraped> {
  const family = (await readMetrics(viewer)).find((each) => each.name === `openrouter_${name}`);
  const known = family?.samples.filter(({ value }) => value !== null) ?? [];
  const series = new Map(known.map(({ labels, value }) => [JSON.stringify(labels), Math.round(Number(value) * scale)]));
  if (series.size !== known.length) throw new Error("two samples have the same labels");
  return { series, sum: [...series.values()].reduce((sum, value) => sum + value, 0) };
}
