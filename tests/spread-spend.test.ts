import { expect, test } from "vitest";
import { type Reading, spreadSpend } from "@/lib/sync/spread-spend";

const reading = (
  at: string,
  usage: string,
  usage_daily: string | null,
  usage_weekly: string | null = null,
  usage_monthly: string | null = null,
): Reading => ({ at: new Date(at), usage, usage_daily, usage_weekly, usage_monthly });

const spread = (before: Reading, after: Reading) =>
  spreadSpend(before, after).map(({ hour, cost }) => [hour.toISOString().slice(0, 13), cost]);

test("spend within a day stands on the hour of the reading", () => {
  const before = reading("2026-03-10T12:30:00Z", "5", "1", "2", "3");
  expect(spread(before, reading("2026-03-10T13:30:00Z", "5.25", "1.25", "2.25", "3.25"))).toEqual([
    ["2026-03-10T13", "0.25"],
  ]);
  expect(spread(before, reading("2026-03-10T13:30:00Z", "5", "1", "2", "3"))).toEqual([]);
});

test("spend across midnight is parted by the day's own counter", () => {
  const before = reading("2026-03-10T23:30:00Z", "5", "1", "2", "3");
  expect(spread(before, reading("2026-03-11T00:30:00Z", "6", "0.25", "3", "4"))).toEqual([
    ["2026-03-11T00", "0.25"],
    ["2026-03-10T23", "0.75"],
  ]);
});

test("spend of days without a reading falls into the weeks and months whose counters have it", () => {
  // Sunday to Thursday, and the month changed on the Wednesday.
  const before = reading("2026-03-29T12:30:00Z", "100", "10", "50", "90");
  expect(spread(before, reading("2026-04-02T12:30:00Z", "115", "1", "7", "3"))).toEqual([
    ["2026-04-02T12", "1"],
    ["2026-04-01T23", "2"],
    ["2026-03-31T23", "4"],
    ["2026-03-29T23", "8"],
  ]);
});

test("a counter that only went on growing has not begun anew, whatever our clock says", () => {
  const before = reading("2026-03-10T23:00:00Z", "5", "1", "2", "3");
  expect(spread(before, reading("2026-03-11T00:00:00Z", "5.5", "1.5", "2.5", "3.5"))).toEqual([
    ["2026-03-10T23", "0.5"],
  ]);
});

test("without the day's counter all that was spent is today's", () => {
  const before = reading("2026-03-08T12:00:00Z", "5", null, "2", "3");
  expect(spread(before, reading("2026-03-10T12:00:00Z", "6", null, "3", "4"))).toEqual([["2026-03-10T12", "1"]]);
});
