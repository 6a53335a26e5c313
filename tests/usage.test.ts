import { beforeAll, describe, expect, it } from "vitest";
import type { Viewer } from "@/lib/auth/viewer";
import { readDashboard, readModelsBefore } from "@/lib/usage/dashboard";
import { exportUsage } from "@/lib/usage/export";
import { listKeyTotals } from "@/lib/usage/keys";
import { periodOf } from "@/lib/usage/period";
import { TimeseriesQuery } from "@/lib/usage/schema";
import { readStats } from "@/lib/usage/stats";
import { readTimeseries } from "@/lib/usage/timeseries";
import { listUsage, usageTotals } from "@/lib/usage/usage";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson } from "./support/world";

const MARCH = { start_date: "2026-03-01", end_date: "2026-03-04" };
const PAGE = { page: 1, limit: 100 };

let ann: Viewer;
let bob: Viewer;
let main: number;
let sampled: number;
let bobs: number;

beforeAll(async () => {
  ann = (await createPerson()).viewer;
  bob = (await createPerson()).viewer;
  main = await plantKey(ann, "Main");
  sampled = await plantKey(ann, "Sampled");
  bobs = await plantKey(bob, "Bob's");
  await plantUsage(ann, main, [
    { hour: "2026-03-01T22:00:00Z", cost: "0.1", requests: 2 },
    { hour: "2026-03-01T23:00:00Z", cost: "0.2", requests: 1 },
    { hour: "2026-03-03T05:00:00Z", cost: "0.00000000012345", requests: 1, model: "=cmd|calc", provider: null },
    { hour: "2026-02-27T05:00:00Z", cost: "5", requests: 10 },
  ]);
  await plantUsage(ann, main, [{ hour: "2026-03-02T00:00:00Z", cost: "0.4", requests: 4 }], "day");
  await plantUsage(ann, sampled, [
    {
      hour: "2026-03-03T06:00:00Z",
      cost: "1",
      requests: null,
      tokensInput: null,
      tokensOutput: null,
      model: null,
      provider: null,
    },
  ]);
  await plantUsage(bob, bobs, [{ hour: "2026-03-01T00:00:00Z", cost: "77" }]);
});

describe("A period", () => {
  const now = new Date("2026-03-04T23:30:00Z");

  it("is the 30 days ending today unless something else is asked for", () => {
    expect(periodOf({}, now)).toEqual({ start_date: "2026-02-03", end_date: "2026-03-04", days: 30, timezone: "UTC" });
  });
  it("ends on the day that it is in its timezone", () => {
    expect(periodOf({ days: 1, timezone: "Asia/Tokyo" }, now)).toMatchObject({ start_date: "2026-03-05", days: 1 });
  });
  it("refuses a start after its end, more than 365 days, and days beside dates", () => {
    for (const asked of [
      { start_date: "2026-03-05", end_date: "2026-03-04" },
      { start_date: "2025-03-04", end_date: "2026-03-04" },
      { days: 3, end_date: "2026-03-04" },
    ]) {
      expect(() => periodOf(asked, now)).toThrow(expect.objectContaining({ code: "unprocessable" }));
    }
    expect(periodOf({ start_date: "2025-03-05", end_date: "2026-03-04" }, now).days).toBe(365);
  });
});

describe("Statistics", () => {
  it("add up exactly, and average over all days of the period", async () => {
    const { summary, data_as_of } = await readStats(ann, MARCH);
    expect(summary).toEqual({
      total_requests: 8,
      total_cost: 1.7000000001,
      total_tokens_input: 400,
      total_tokens_output: 40,
      total_tokens: 440,
      avg_cost_per_request: 0.2125,
      avg_requests_per_day: 2,
      avg_cost_per_day: 0.425,
    });
    expect(data_as_of).toBe("2026-03-05T10:00:00Z");
  });

  it("give each model its share, and leave unknown what was not reported", async () => {
    const { by_model } = await readStats(ann, MARCH);
    expect(
      by_model.map(({ model, requests, percentage_cost, percentage_requests }) => [
        model,
        requests,
        percentage_cost,
        percentage_requests,
      ]),
    ).toEqual([
      [null, null, 58.8, null],
      ["openai/gpt-5", 7, 41.2, 87.5],
      ["=cmd|calc", 1, 0, 12.5],
    ]);
  });

  it("of an empty period are zeroes, without an average per request", async () => {
    const { summary, by_model } = await readStats(ann, { start_date: "2020-01-01", end_date: "2020-01-10" });
    expect(summary).toMatchObject({
      total_requests: 0,
      total_cost: 0,
      total_tokens: 0,
      avg_cost_per_request: null,
      avg_requests_per_day: 0,
    });
    expect(by_model).toEqual([]);
  });

  it("leave requests unknown where none were reported at all", async () => {
    const { summary } = await readStats(ann, { ...MARCH, api_key_id: sampled });
    expect(summary).toMatchObject({
      total_requests: null,
      total_tokens: null,
      avg_cost_per_request: null,
      avg_requests_per_day: null,
      total_cost: 1,
    });
  });

  it("count hours by the day of the timezone, and days by the date that OpenRouter told", async () => {
    const one = { start_date: "2026-03-02", end_date: "2026-03-02" };
    expect((await readStats(ann, { ...one, timezone: "Europe/Berlin" })).summary.total_cost).toBeCloseTo(0.6, 10);
    expect((await readStats(ann, { ...one, timezone: "America/New_York" })).summary.total_cost).toBeCloseTo(0.4, 10);
    expect((await readStats(ann, { ...one, timezone: "Etc/UTC" })).summary.total_cost).toBeCloseTo(0.4, 10);
  });

  it("of Ann are invisible to Bob, whose filter by her key is refused", async () => {
    expect((await readStats(bob, MARCH)).summary.total_cost).toBe(77);
    await expect(readStats(bob, { ...MARCH, api_key_id: main })).rejects.toMatchObject({ code: "forbidden" });
    await expect(readStats(bob, { ...MARCH, api_key_id: 2_000_000_000 })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("The dashboard", () => {
  it("has a point for every day, and the period before", async () => {
    const dashboard = await readDashboard(ann, MARCH);
    expect(dashboard.by_date.map(({ date, cost, requests }) => [date, cost, requests])).toEqual([
      ["2026-03-01", 0.3, 3],
      ["2026-03-02", 0.4, 4],
      ["2026-03-03", 1.0000000001, 1],
      ["2026-03-04", 0, 0],
    ]);
    expect(dashboard.previous).toMatchObject({
      period: { start_date: "2026-02-25", days: 4 },
      summary: { total_cost: 5 },
    });
    expect(dashboard.by_key.map(({ api_key_name, cost }) => [api_key_name, cost])).toEqual([
      ["Sampled", 1],
      ["Main", 0.7000000001],
    ]);
    expect(dashboard.by_provider.map(({ provider }) => provider)).toEqual([null, "OpenAI"]);
    expect(dashboard.top_models[0]).toMatchObject({ model: "openai/gpt-5", requests: 7 });
    expect([...(await readModelsBefore(ann, MARCH))]).toEqual([["openai/gpt-5", 5]]);
    expect([...(await readModelsBefore(bob, MARCH))]).toEqual([]);
  });
});

describe("The usage list", () => {
  it("comes newest day first, then by key name and model, in pages", async () => {
    const { items, pagination } = await listUsage(ann, { ...MARCH, ...PAGE });
    expect(items.map(({ date, api_key_name, model }) => [date, api_key_name, model])).toEqual([
      ["2026-03-03", "Main", "=cmd|calc"],
      ["2026-03-03", "Sampled", null],
      ["2026-03-02", "Main", "openai/gpt-5"],
      ["2026-03-01", "Main", "openai/gpt-5"],
    ]);
    expect(items.every(({ id }) => Number.isInteger(id))).toBe(true);
    expect(pagination).toEqual({ page: 1, limit: 100, total: 4, pages: 1 });
    const second = await listUsage(ann, { ...MARCH, page: 2, limit: 3 });
    expect(second).toMatchObject({ items: [items[3]], pagination: { total: 4, pages: 2 } });
  });

  it("sorts by any column", async () => {
    const { items } = await listUsage(ann, { ...MARCH, ...PAGE, sort: "-cost" });
    expect(items.map(({ cost }) => cost)).toEqual([1, 0.4, 0.3, 0.0000000001]);
  });

  it("shows hours as UTC times and what is known only per day as a date", async () => {
    const { items } = await listUsage(ann, { ...MARCH, ...PAGE, group_by: "hour", api_key_id: main });
    expect(items.map(({ date }) => date)).toEqual([
      "2026-03-03T05:00:00Z",
      "2026-03-02",
      "2026-03-01T23:00:00Z",
      "2026-03-01T22:00:00Z",
    ]);
  });

  it("adds its selection up over all pages", async () => {
    expect(await usageTotals(ann, { ...MARCH, model: "openai/gpt-5" })).toEqual({
      rows: 2,
      requests: 7,
      tokens_input: 300,
      tokens_output: 30,
      tokens_total: 330,
      cost: 0.7,
    });
    expect(await usageTotals(ann, { start_date: "2020-01-01", end_date: "2020-01-01" })).toMatchObject({
      rows: 0,
      cost: 0,
    });
  });
});

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
    const { bucketsOf } = await import("@/lib/usage/buckets");
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

describe("An export", () => {
  it("neutralises cells that a spreadsheet would run", async () => {
    const text = await (await exportUsage(ann, { ...MARCH, format: "csv" })).text();
    const lines = text.trim().split("\r\n");
    expect(lines[0]).toBe("date,api_key_id,api_key_name,model,provider,requests,tokens_input,tokens_output,cost");
    expect(lines[1]).toBe(`2026-03-03,${main},Main,'=cmd|calc,,1,100,10,0.00000000012345`);
    expect(lines[2]).toBe(`2026-03-03,${sampled},Sampled,,,,,,1`);
    expect(lines).toHaveLength(5);
  });

  it("gives JSON and NDJSON with the same rows", async () => {
    const json: unknown = await (await exportUsage(ann, { ...MARCH, format: "json" })).json();
    const lines = (await (await exportUsage(ann, { ...MARCH, format: "ndjson" })).text()).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(json);
    expect(json).toHaveLength(4);
    const empty = await exportUsage(ann, { start_date: "2020-01-01", end_date: "2020-01-01", format: "json" });
    expect(await empty.json()).toEqual([]);
  });

  it("lets the database go when the reader goes away", async () => {
    const hours = Array.from({ length: 2000 }, (_, hour) => ({
      hour: new Date(Date.UTC(2026, 5, 1, hour)).toISOString(),
    }));
    const cara = (await createPerson()).viewer;
    await plantUsage(cara, await plantKey(cara), hours);
    for (let round = 0; round < 12; round++) {
      const reader = (
        await exportUsage(cara, {
          start_date: "2026-06-01",
          end_date: "2026-12-31",
          group_by: "hour",
          format: "ndjson",
        })
      ).body?.getReader();
      await reader?.read();
      await reader?.cancel();
    }
    expect(
      (await listUsage(cara, { ...PAGE, start_date: "2026-06-01", end_date: "2026-12-31" })).pagination.total,
    ).toBe(84);
  });
});

describe("The keys of the public API", () => {
  it("carry all that was ever counted", async () => {
    const idle = await plantKey(ann, "Idle");
    const { items } = await listKeyTotals(ann, PAGE);
    expect(items.find(({ id }) => id === main)?.stats).toEqual({
      total_requests: 18,
      total_cost: 5.7000000001,
      total_tokens: 550,
    });
    expect(items.find(({ id }) => id === sampled)?.stats).toEqual({
      total_requests: null,
      total_cost: 1,
      total_tokens: null,
    });
    expect(items.find(({ id }) => id === idle)?.stats).toEqual({ total_requests: 0, total_cost: 0, total_tokens: 0 });
    expect((await listKeyTotals(bob, PAGE)).items.map(({ id }) => id)).toEqual([bobs]);
  });
});
