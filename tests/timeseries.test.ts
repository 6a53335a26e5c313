import { describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import { readTimeseries } from "@/lib/usage/read/read-timeseries";
import { TimeseriesQuery } from "@/lib/usage/schema";
import { MARCH, plantMarch } from "./support/march";
import { plantKey } from "./support/usage";
import { createPerson } from "./support/world";

const { ann, main, sampled } = await plantMarch();

describe("A series over time", () => {
  const query = (given: object) => TimeseriesQuery.parse({ ...MARCH, ...given });

  it("has a point for every bucket and adds up what is not on top", async () => {
    const { series, other } = await readTimeseries(ann, query({ group_by: "key", top: 1 }));
    expect(series).toEqual([expect.objectContaining({ api_key_id: sampled, name: "Sampled", total: 1 })]);
    expect(series[0]?.points.map(({ value }) => value)).toEqual([0, 0, 1, 0]);
    expect(other).toMatchObject({ groups: 1, total: 0.7000000001 });
  });

  it("stays unknown where the metric was never reported", async () => {
    const { series } = await readTimeseries(ann, query({ group_by: "model", metric: "requests" }));
    expect(series.map(({ name, total, points }) => [name, total, points.map(({ value }) => value)])).toEqual([
      ["openai/gpt-5", 7, [3, 4, 0, 0]],
      ["=cmd|calc", 1, [0, 0, 1, 0]],
      [null, null, [null, null, null, null]],
    ]);
  });

  it("knows weeks that begin on Monday, months, and hours of a timezone's days", async () => {
    const weeks = await readTimeseries(ann, query({ interval: "week", metric: "tokens" }));
    expect(weeks.series[0]?.points).toEqual([
      { date: "2026-02-23", value: 220 },
      { date: "2026-03-02", value: 220 },
    ]);
    const months = await readTimeseries(
      ann,
      query({ interval: "month", start_date: "2026-02-01", timezone: "Asia/Tokyo" }),
    );
    expect(months.series[0]?.points.map(({ date, value }) => [date, value])).toEqual([
      ["2026-02-01", 5],
      ["2026-03-01", 1.7000000001],
    ]);
    const hours = await readTimeseries(
      ann,
      query({ interval: "hour", start_date: "2026-03-02", end_date: "2026-03-02", timezone: "Europe/Berlin" }),
    );
    expect(hours.series[0]?.points).toHaveLength(24);
    expect(hours.series[0]?.points[0]).toEqual({ date: "2026-03-01T23:00:00Z", value: 0.2 });
  });

  it("has a point for every hour of days that are an hour shorter or longer", async () => {
    for (const [date, timezone, hours] of [
      ["2026-03-29", "Europe/Berlin", 23],
      ["2025-10-26", "Europe/Berlin", 25],
      // Its clocks go back at one o'clock, so that midnight comes twice.
      ["2025-11-02", "America/Havana", 25],
      // A day of 23 and a half.
      ["2025-10-05", "Australia/Lord_Howe", 23],
    ] as const) {
      const { series } = await readTimeseries(
        ann,
        query({ interval: "hour", start_date: date, end_date: date, timezone }),
      );
      expect([timezone, series[0]?.points.length]).toEqual([timezone, hours]);
    }
  });

  it("without usage is zero where it was read, and unknown where nothing was", async () => {
    const idle = (await createPerson()).viewer;
    const values = async (given: object = {}) => {
      const { series } = await readTimeseries(idle, query(given));
      return series.map(({ total, points }) => [total, points.map(({ value }) => value)]);
    };
    const unknown = [null, null, null, null];
    expect(await values()).toEqual([[null, unknown]]);
    const key = await plantKey(idle, "Idle");
    expect(await values()).toEqual([[0, [0, 0, 0, 0]]]);
    expect(await values({ metric: "byok_cost", interval: "week" })).toEqual([[0, [0, 0]]]);
    expect(await values({ group_by: "model" })).toEqual([]);
    await sql()`update api_keys set synced_from = '2026-03-05T00:00:00Z' where id = ${key}`;
    expect(await values()).toEqual([[null, unknown]]);
    await sql()`update api_keys set synced_from = null, last_synced_at = null where id = ${key}`;
    expect(await values()).toEqual([[null, unknown]]);
  });

  it("does not know the hours of a day of which only the whole was reported", async () => {
    const { series } = await readTimeseries(ann, query({ interval: "hour" }));
    const on = (date: string) => series[0]?.points.filter((point) => point.date.startsWith(date));
    expect(on("2026-03-01")?.reduce((sum, { value }) => sum + (value ?? 0), 0)).toBeCloseTo(0.3);
    expect(on("2026-03-02")?.every(({ value }) => value === null)).toBe(true);
    expect(on("2026-03-04")?.every(({ value }) => value === 0)).toBe(true);
  });

  it("shows any measure, exactly", async () => {
    await sql()`update usage_hours set cost_upstream = 0.1, tokens_cacheable = 5 where api_key_id = ${main} and hour < '2026-03-01T23:30:00Z'`;
    await sql()`update usage_stats set cost_upstream = 0.3, tokens_cacheable = 5 where api_key_id = ${main} and date = '2026-03-01'`;
    const values = async (metric: string, given: object = {}) =>
      (await readTimeseries(ann, query({ metric, ...given }))).series[0]?.points.map(({ value }) => value);
    expect(await values("cost_upstream")).toEqual([0.3, null, null, 0]);
    expect(await values("tokens_cacheable", { timezone: "Europe/Berlin" })).toEqual([5, 5, null, 0]);
    expect(() => query({ metric: "colour" })).toThrow();
  });

  it("by hours is at most 31 days long", async () => {
    const hours = (start_date: string) => readTimeseries(ann, query({ interval: "hour", start_date }));
    for (const start of ["2026-02-02", "2026-02-01"]) expect((await hours(start)).interval).toBe("hour");
    await expect(hours("2026-01-31")).rejects.toMatchObject({ code: "unprocessable" });
  });
});
