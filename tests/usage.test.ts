import { describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import { makeJobReader } from "@/lib/access/viewer";
import { listKeyTotals } from "@/lib/usage/read/list-key-totals";
import { listUsage } from "@/lib/usage/read/list-usage";
import { readDashboard, readModelsBefore } from "@/lib/usage/read/read-dashboard";
import { readStats } from "@/lib/usage/read/read-stats";
import { MARCH, PAGE, plantMarch } from "./support/march";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson } from "./support/world";

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

  it("are read by a job as by a person of the team, and never another team's", async () => {
    expect(await readStats(makeJobReader(ann.teamId), MARCH)).toEqual(await readStats(ann, MARCH));
    expect(await readStats(makeJobReader(bob.teamId), MARCH)).toEqual(await readStats(bob, MARCH));
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

  it("are rounded to ten decimals from exact sums and quotients", async () => {
    const { viewer } = await createPerson();
    const key = await plantKey(viewer);
    const thirds = ["0.1", "0.2", "33.7000000000049", "1e-11"];
    await plantUsage(
      viewer,
      key,
      thirds.map((cost, index) => ({ hour: `2026-03-01T0${index}:00:00Z`, cost, requests: 1 + index })),
    );
    const { summary, period } = await readStats(viewer, { start_date: "2026-03-01", end_date: "2026-03-07" });
    const [exact] = await sql()<{ cost: number; request: number; day: number; requests: number }[]>`
      select round(sum(cost), 10)::float8 as cost, round(sum(cost) / sum(requests), 10)::float8 as request,
        round(sum(cost) / 7, 10)::float8 as day, round(sum(requests) / 7, 10)::float8 as requests
      from usage_hours where api_key_id = ${key}`;
    expect(exact).toEqual({
      cost: summary.total_cost,
      request: summary.avg_cost_per_request,
      day: summary.avg_cost_per_day,
      requests: summary.avg_requests_per_day,
    });
    expect([period.days, summary.total_cost]).toEqual([7, 34]);
  });

  it("have no percentages of a total that is not positive", async () => {
    const { viewer } = await createPerson();
    const key = await plantKey(viewer);
    const shares = async (...costs: string[]) => {
      await plantUsage(
        viewer,
        key,
        costs.map((cost, index) => ({ hour: "2026-03-01T00:00:00Z", model: `m/${index}`, cost, requests: index })),
      );
      const { by_model } = await readStats(viewer, MARCH);
      return by_model.map(({ percentage_cost, percentage_requests }) => [percentage_cost, percentage_requests]);
    };
    expect(await shares("1", "-3")).toEqual([
      [null, 0],
      [null, 100],
    ]);
    expect(await shares("3", "-3")).toEqual([
      [null, 0],
      [null, 100],
    ]);
    expect(await shares("3", "1")).toEqual([
      [75, 0],
      [25, 100],
    ]);
    await sql()`update usage_stats set requests = 0 where api_key_id = ${key}`;
    expect((await readStats(viewer, MARCH)).by_model.map((row) => row.percentage_requests)).toEqual([null, null]);
  });

  it("are unknown, not zero, where nothing of the period was read", async () => {
    const { viewer } = await createPerson();
    const unknown = { total_requests: null, total_cost: null, total_tokens: null, avg_cost_per_day: null };
    expect((await readStats(viewer, MARCH)).summary).toMatchObject(unknown);
    const read = await plantKey(viewer);
    const unread = await plantKey(viewer);
    await sql()`update api_keys set last_synced_at = null where id = ${unread}`;
    expect((await readStats(viewer, MARCH)).summary).toMatchObject({ total_requests: 0, total_cost: 0 });
    expect((await readStats(viewer, { ...MARCH, api_key_id: read })).summary.total_cost).toBe(0);
    expect((await readStats(viewer, { ...MARCH, api_key_id: unread })).summary).toMatchObject(unknown);
    const { by_date } = await readDashboard(viewer, { ...MARCH, api_key_id: unread });
    expect(by_date.map(({ cost, requests }) => [cost, requests])).toEqual(Array(4).fill([null, null]));
    await plantUsage(viewer, unread, [{ hour: "2026-03-02T00:00:00Z", cost: "2" }]);
    expect((await readStats(viewer, { ...MARCH, api_key_id: unread })).summary.total_cost).toBe(2);
  });

  it("of a model are the same by its slug, its permaslug and its display name", async () => {
    await sql()`insert into models (id) values ('openai/gpt-5')`;
    await sql()`insert into model_names (name, model_id) select unnest(array['openai/gpt-5', 'openai/gpt-5-2025-08-07', 'OpenAI: GPT-5']), 'openai/gpt-5'`;
    for (const model of ["openai/gpt-5", "openai/gpt-5-2025-08-07", "OpenAI: GPT-5"]) {
      const asked = { ...MARCH, model };
      expect((await readStats(ann, asked)).summary.total_requests).toBe(7);
      expect((await readStats(ann, { ...asked, timezone: "Asia/Tokyo" })).summary.total_requests).toBe(7);
      expect((await listUsage(ann, { ...asked, ...PAGE })).pagination.total).toBe(2);
    }
    expect((await readStats(ann, { ...MARCH, model: "=cmd|calc" })).summary.total_requests).toBe(1);
    expect((await readStats(ann, { ...MARCH, model: "GPT-5" })).summary.total_requests).toBe(0);
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
    await sql()`update api_keys set last_synced_at = null, upstream_created_at = '2025-01-01T00:00:00Z' where id = ${idle}`;
    const last = (await listKeyTotals(ann, PAGE)).items.at(-1);
    expect([last?.id, last?.stats]).toEqual([idle, { total_requests: null, total_cost: null, total_tokens: null }]);
    expect((await listKeyTotals(bob, PAGE)).items.map(({ id }) => id)).toEqual([bobs]);
  });
});
