import { describe, expect, it } from "vitest";
import { bucketsOf } from "@/lib/usage/buckets";
import { TimeseriesQuery } from "@/lib/usage/schema";
import { readTimeseries } from "@/lib/usage/timeseries";
import { MARCH, plantMarch } from "./support/march";

const { ann, sampled } = await plantMarch();

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

  it("has 23 hours on the day the clocks go forward", async () => {
    const { series } = await readTimeseries(
      ann,
      query({ interval: "hour", start_date: "2026-03-28", end_date: "2026-03-29", timezone: "Europe/Berlin" }),
    );
    expect(series).toEqual([]);
    expect(
      bucketsOf({ start_date: "2026-03-29", end_date: "2026-03-29", days: 1, timezone: "Europe/Berlin" }, "hour"),
    ).toHaveLength(23);
  });

  it("refuses more than 31 days of hours", async () => {
    await expect(readTimeseries(ann, query({ interval: "hour", start_date: "2026-01-01" }))).rejects.toMatchObject({
      code: "unprocessable",
    });
  });
});
