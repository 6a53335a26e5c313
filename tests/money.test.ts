import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { makeFormatter } from "@/lib/base/format";
import { isDecimal, moneyToJson } from "@/lib/base/money";

const decimals = fc
  .tuple(
    fc.constantFrom("", "-"),
    fc.nat({ max: 10_000_000 }),
    fc.string({ unit: fc.constantFrom(..."0459"), maxLength: 14 }),
  )
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction && `.${fraction}`}`);

describe("money that leaves", () => {
  test("is rounded to ten decimals as PostgreSQL rounds, and is never −0", async () => {
    const texts = [
      ...fc.sample(decimals, 2000),
      "0.00000000005",
      "-0.00000000005",
      "-0.00000000004",
      "1.00000000015",
      "1e-7",
      "5e-11",
      "-0",
    ];
    const rounded = await sql()<{ text: string }[]>`
      select round(v::numeric, 10)::text as text from unnest(${texts}::text[]) with ordinality as t(v, n) order by n`;
    expect(texts.map((text) => moneyToJson(text))).toEqual(rounded.map(({ text }) => Number(text)));
    expect(texts.some((text) => Object.is(moneyToJson(text), -0))).toBe(false);
  });

  test("is shown with halves rounded up and no sign before nothing, in every language", () => {
    const [english, italian] = [makeFormatter("en", "UTC"), makeFormatter("it", "UTC")];
    expect([1.005, 2.675, 8.345, 1234.995].map(english.money)).toEqual(["$1.01", "$2.68", "$8.35", "$1,235.00"]);
    expect([-0, -1e-12, -0.25, -1.005].map(english.money)).toEqual(["$0.00", "$0.00", "-$0.25", "-$1.01"]);
    expect([-0, -1e-12].map(italian.money)).toEqual(["0,00\u00a0$", "0,00\u00a0$"]);
    expect([english.moneyShort(-0), english.count(-0), english.average(-0.01), english.percent(-0.01)]).toEqual([
      "$0",
      "0",
      "0",
      "0%",
    ]);
    expect([english.change(0.01), english.change(-12.3), english.change(12.3)]).toEqual(["0%", "-12%", "+12%"]);
  });
});

test("a decimal of OpenRouter's is one that PostgreSQL holds", async () => {
  const texts = fc
    .sample(fc.oneof(decimals, fc.string({ unit: fc.constantFrom(..."0123456789.eE+-"), maxLength: 12 })), 3000)
    .filter(isDecimal);
  expect(texts.length).toBeGreaterThan(1000);
  await sql()`select v::numeric from unnest(${texts}::text[]) v`;
});
