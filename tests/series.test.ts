import { describe, expect, it } from "vitest";
import { gapRuns, labelPlaces, niceTicks, prepareStack } from "@/lib/usage/present/series";

const buckets = ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"];
const points = (...values: (number | null)[]) => buckets.map((date, index) => ({ date, value: values[index] ?? null }));

describe("A chart over time", () => {
  const chart = prepareStack({
    lines: [
      { id: "a", label: "a", total: 6, points: points(0, 4, 0, 2) },
      { id: "b", label: "b", total: 1, points: points(0, 1, 0, 0) },
    ],
    rest: { id: null, label: "21 others", groups: 21, total: 2, points: points(0, 0, 0, 2) },
    whole: { total: 9, points: points(0, 5, 0, 4) },
    buckets,
    knownFrom: "2026-03-02",
    knownTo: "2026-03-04",
    unfinished: "2026-03-04",
    previous: points(1, 2),
  });

  it("draws as a gap what nobody knows, and as nothing what is known to be zero", () => {
    expect(chart.buckets.map(({ total, isGap }) => [total, isGap])).toEqual([
      [null, true],
      [5, false],
      [0, false],
      [4, false],
    ]);
  });
  it("marks the bucket that still runs", () => {
    expect(chart.buckets.map((bucket) => bucket.isUnfinished)).toEqual([false, false, false, true]);
  });
  it("says how many groups it shows of how many, and stacks what remains", () => {
    expect(chart).toMatchObject({ shown: 2, of: 23 });
    expect(chart.series.map((series) => series.isRest)).toEqual([false, false, true]);
  });
  it("stands beside the period before, as far as that is known", () => {
    expect(chart.buckets.map((bucket) => bucket.previous)).toEqual([1, 2, null, null]);
  });
  it("draws what was not reported at all as a gap", () => {
    const silent = prepareStack({
      lines: [{ id: "a", label: "a", total: null, points: points() }],
      whole: { total: null, points: points() },
      buckets,
    });
    expect(gapRuns(silent.buckets)).toEqual([[0, 4]]);
  });
  it("has a grid even when nothing was used", () => {
    expect(prepareStack({ lines: [], whole: { total: 0, points: points(0, 0, 0, 0) }, buckets }).ticks).toEqual([0, 1]);
  });
});

describe("An axis", () => {
  it.each([
    [0.0034, [0, 0.001, 0.002, 0.003, 0.004]],
    [22.7, [0, 10, 20, 30]],
    [100, [0, 25, 50, 75, 100]],
  ])("reaches %d in round steps", (highest, ticks) => {
    expect(niceTicks(highest)).toEqual(ticks);
  });
  it("names no more places than there is room for", () => {
    expect(labelPlaces(30, 8)).toEqual([0, 4, 8, 12, 16, 20, 24, 28]);
    expect(labelPlaces(3, 8)).toEqual([0, 1, 2]);
  });
});
