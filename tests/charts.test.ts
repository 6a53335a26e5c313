import { describe, expect, it } from "vitest";
import { ringPaths } from "@/components/charts/ring";
import { RawBody } from "@/components/ui/raw-body";

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

describe("A body of figures", () => {
  it("takes whatever is given as text, between tags and within quotes", () => {
    const hostile = `<img src=x onerror='alert("1")'>&amp;`;
    const { __html: html } = RawBody({ rows: [[{ tag: "th", text: hostile, attributes: { title: hostile } }]] }).props
      .dangerouslySetInnerHTML;
    const text = '&lt;img src=x onerror=&#39;alert("1")&#39;&gt;&amp;amp;';
    expect(html).toBe(`<tr><th title='${text}'>${text}</th></tr>`);
  });
});
