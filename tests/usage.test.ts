import { describe, expect, it } from "vitest";
import { readDashboard, readModelsBefore } from "@/lib/usage/dashboard";
import { listKeyTotals } from "@/lib/usage/keys";
import { readStats } from "@/lib/usage/stats";
import { listUsage, usageTotals } from "@/lib/usage/usage";
import { MARCH, PAGE, plantMarch } from "./support/march";
import { plantKey } from "./support/usage";

const { ann, bob, main, sampled, bobs } = await plantMarch();

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
