import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addMoney, isMore, subtractMoney } from "@/lib/base/money";
import type { AnalyticsRow } from "@/lib/openrouter/analytics";
import { compareCells } from "@/lib/sync/cells";
import { allocate, type Claim } from "@/lib/sync/claims";
import { NOT_REPORTED } from "@/lib/usage/measures";

const HOUR = new Date("2026-03-29T01:00:00Z");
const row = (given: Partial<AnalyticsRow>): AnalyticsRow => ({
  ...NOT_REPORTED,
  cost: "0",
  hour: HOUR,
  keyName: "web",
  model: "openai/gpt-5",
  provider: null,
  ...given,
});
const cellOf = ({ model }: AnalyticsRow): string => String(model);

const cost = fc.integer({ min: -5_000_000, max: 50_000_000 }).map((units) => (units / 1e7).toFixed(7));
const measures = fc.record({
  cost,
  requests: fc.option(fc.nat({ max: 50 })),
  tokensInput: fc.option(fc.nat({ max: 5000 })),
  byokCost: fc.option(cost),
});
const rows = (provider: fc.Arbitrary<string | null>) =>
  fc.array(
    fc
      .tuple(measures, fc.constantFrom("a", "b", "c"), provider)
      .map(([given, model, name]) => row({ ...given, model, provider: name })),
    { maxLength: 8 },
  );
const sumOf = (list: readonly AnalyticsRow[]) => ({
  cost: list.reduce((sum, one) => addMoney(sum, one.cost), "0"),
  requests: list.reduce((sum, one) => sum + (one.requests ?? 0), 0),
  tokens: list.reduce((sum, one) => sum + (one.tokensInput ?? 0), 0),
  byok: list.reduce((sum, one) => addMoney(sum, one.byokCost ?? "0"), "0"),
});

describe("a split", () => {
  test("of whatever parts neither raises nor lowers the undivided sum", () => {
    fc.assert(
      fc.property(rows(fc.constant(null)), rows(fc.constantFrom("X", "Y", null)), (whole, parts) => {
        const cells = compareCells(whole, parts, cellOf);
        expect(sumOf(cells.flatMap(({ parts: kept, rest }) => (rest ? [...kept, rest] : kept)))).toEqual(sumOf(whole));
      }),
      { numRuns: 500 },
    );
  });

  test("that adds up is taken whole, and leaves nothing", () => {
    const parts = [row({ provider: "X", cost: "0.1", requests: 1 }), row({ provider: "Y", cost: "0.2", requests: 2 })];
    const [cell] = compareCells([row({ cost: "0.30000000000000004", requests: 3 })], parts, cellOf);
    expect(cell).toMatchObject({ parts: [{ provider: "X" }, { provider: "Y" }], rest: null, isExceeded: false });
  });

  test("that brings less leaves the rest of the split unknown; one that brings more is not believed", () => {
    const whole = [row({ cost: "1", requests: 5 })];
    const [less] = compareCells(whole, [row({ provider: "X", cost: "0.75", requests: 4 })], cellOf);
    expect(less?.rest).toMatchObject({ provider: null, cost: "0.25", requests: 1 });
    const [more] = compareCells(whole, [row({ provider: "X", cost: "0.5", requests: 6 })], cellOf);
    expect(more).toMatchObject({ parts: [], rest: { provider: null, cost: "1", requests: 5 }, isExceeded: true });
    const [none] = compareCells(whole, [], cellOf);
    expect(none).toMatchObject({ rest: { cost: "1" }, isExceeded: false });
  });

  test("of what the whole does not report stays unreported", () => {
    const [cell] = compareCells(
      [row({ cost: "1", tokensInput: null })],
      [row({ provider: "X", cost: "1", tokensInput: 7 })],
      cellOf,
    );
    expect(cell?.parts).toMatchObject([{ provider: "X", tokensInput: null }]);
  });
});

test("what stands booked for keys that cannot be asked stays theirs as far as the rest covers it", () => {
  const claim = (apiKeyId: number, given: Partial<AnalyticsRow>): Claim => ({ ...row(given), apiKeyId });
  const claims = [claim(1, { cost: "10", requests: 2 }), claim(2, { cost: "5", requests: 1 })];
  const { kept, left } = allocate(row({ cost: "16", requests: 4 }), claims);
  expect(kept.map(({ apiKeyId }) => apiKeyId)).toEqual([1, 2]);
  expect(left).toMatchObject({ cost: "1", requests: 1 });
  expect(allocate(row({ cost: "6", requests: 1 }), claims)).toMatchObject({
    kept: [{ apiKeyId: 2 }],
    left: { cost: "1" },
  });
  expect(isMore(subtractMoney("0", allocate(row({ cost: "15", requests: 3 }), claims).left?.cost ?? "0"), "0")).toBe(
    false,
  );
});
