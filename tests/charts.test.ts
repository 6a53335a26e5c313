import { describe, expect, it } from "vitest";
import { ringPaths } from "@/components/charts/ring";

const NUMBERS = /-?\d+(?:\.\d+)?/g;
const numbersOf = (path: string) => path.match(NUMBERS)?.map((text) => Number(text) + 0) ?? [];
const startOf = (path = "") => numbersOf(path).slice(0, 2);
const outerEndOf = (path = "") => numbersOf(path).slice(7, 9);

describe("A ring of shares", () => {
  it("begins at the top and goes clockwise, each part from where the last one ended", () => {
    const [half, quarter, last] = ringPaths([2, 1, 1]);
    expect(startOf(half)).toEqual([0, -88]);
    expect(outerEndOf(half)).toEqual([0, 88]);
    expect(startOf(quarter)).toEqual([0, 88]);
    expect(outerEndOf(quarter)).toEqual([-88, 0]);
    expect(startOf(last)).toEqual([-88, 0]);
    expect(outerEndOf(last)).toEqual([0, -88]);
  });

  it("closes where one part is all of it, and draws nothing for nothing", () => {
    const [all, none] = ringPaths([3, 0]);
    expect(all).toMatch(/ 1 1 /);
    expect(outerEndOf(all)).not.toEqual(startOf(all));
    expect(none).toBe("");
    expect(ringPaths([0, 0])).toEqual(["", ""]);
  });
});
