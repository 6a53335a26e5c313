import { beforeAll, describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { listChoices, listSelection, readSelection, type Selected } from "@/lib/usage/read/list-selection";
import { bookedNames } from "@/lib/usage/read/model-names";
import { comparableOf, readCoverage } from "@/lib/usage/read/read-coverage";
import { readDashboard } from "@/lib/usage/read/read-dashboard";
import { readHeatmap } from "@/lib/usage/read/read-heatmap";
import { readOutlook } from "@/lib/usage/read/read-outlook";
import { readUsageChart } from "@/lib/usage/read/read-usage-chart";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson } from "./support/world";

let ann: Viewer;
let bob: Viewer;
let web: number;
let batch: number;

const MARCH: Selected = {
  start_date: "2026-03-01",
  end_date: "2026-03-31",
  timezone: "UTC",
  key: [],
  model: [],
  provider: [],
  group: "none",
};
const FIRST = { sort: "-cost", page: 1, limit: 100 } as const;

beforeAll(async () => {
  ann = (await createPerson()).viewer;
  bob = (await createPerson()).viewer;
  web = await plantKey(ann, "Web");
  batch = await plantKey(ann, "Batch");
  await plantUsage(ann, web, [
    { hour: "2026-03-02T08:00:00Z", cost: "9", model: "a/one", provider: "Alpha", requests: 3 },
    { hour: "2026-03-02T09:00:00Z", cost: "1", model: "a/two", provider: "Beta" },
  ]);
  await plantUsage(ann, batch, [{ hour: "2026-03-03T08:00:00Z", cost: "10", model: "a/one", provider: "Beta" }]);
  await plantUsage(bob, await plantKey(bob, "Bob's"), [
    { hour: "2026-03-02T08:00:00Z", cost: "77", model: "b/secret" },
  ]);
});

describe("A selection", () => {
  it("adds up all of its rows, whatever the page shows", async () => {
    const { items, totals, pagination } = await listSelection(ann, { ...MARCH, ...FIRST, limit: 1 });
    expect(items).toHaveLength(1);
    expect(pagination).toMatchObject({ total: 3, pages: 3 });
    expect(totals).toMatchObject({ rows: 3, cost: 20, requests: 5, tokens_total: 330 });
  });
  it("orders costs as numbers, not as text", async () => {
    const { items } = await listSelection(ann, { ...MARCH, ...FIRST });
    expect(items.map((row) => row.cost)).toEqual([10, 9, 1]);
  });
  it("takes several keys, models and providers at once", async () => {
    const both = await listSelection(ann, { ...MARCH, ...FIRST, key: [web, batch], provider: ["Beta"] });
    expect(both.items.map((row) => row.api_key_name)).toEqual(["Batch", "Web"]);
    await sql()`insert into models (id) values ('a/two')`;
    await sql()`insert into model_names (name, model_id) values ('A: Two', 'a/two')`;
    const named = await listSelection(ann, { ...MARCH, ...FIRST, model: ["A: Two", "a/two", "a/three"] });
    expect(named.items.map((row) => row.model)).toEqual(["a/two"]);
    expect(await bookedNames(["A: Two", "a/two", "a/three"])).toEqual(["a/two", "a/three"]);
    const none = await listSelection(ann, { ...MARCH, ...FIRST, key: [web], model: ["a/three"] });
    expect(none).toMatchObject({ items: [], totals: { rows: 0, cost: 0 } });
  });
  it.each([
    ["day", ["2026-03-03", "2026-03-02"], "date"],
    ["key", ["Batch", "Web"], "api_key_name"],
    ["model", ["a/one", "a/two"], "model"],
    ["provider", ["Beta", "Alpha"], "provider"],
  ] as const)("can be grouped by %s", async (group, names, column) => {
    const { items } = await listSelection(ann, { ...MARCH, ...FIRST, group });
    expect(items.map((row) => row[column])).toEqual(names);
  });
  it("leaves as a file what it shows on all pages", async () => {
    const rows = [];
    for await (const chunk of readSelection(ann, { ...MARCH, sort: "cost" })) rows.push(...chunk);
    expect(rows.map((row) => row.cost)).toEqual(["1", "9", "10"]);
    const hours = [];
    for await (const chunk of readSelection(ann, { ...MARCH, group: "hour", sort: "date" })) hours.push(...chunk);
    expect(hours.map((row) => row.date)).toEqual([
      "2026-03-02T08:00:00Z",
      "2026-03-02T09:00:00Z",
      "2026-03-03T08:00:00Z",
    ]);
  });
  it("is Ann's alone: Bob's usage is neither in it nor among its choices", async () => {
    expect(await listChoices(ann)).toEqual({ models: ["a/one", "a/two"], providers: ["Alpha", "Beta"] });
    const { totals } = await listSelection(bob, { ...MARCH, ...FIRST, key: [web] });
    expect(totals.rows).toBe(0);
  });
});

describe("The figures of the dashboard", () => {
  it("place usage in the week of the person's timezone", async () => {
    const cells = await readHeatmap(ann, {
      start_date: "2026-03-01",
      end_date: "2026-03-31",
      timezone: "Asia/Tokyo",
      metric: "requests",
    });
    expect(cells).toContainEqual({ weekday: 1, hour: 17, value: 3 });
    expect(cells).toHaveLength(3);
  });
  it("know from when to when usage has been read", async () => {
    await sql()`update api_keys set synced_from = '2026-03-02T00:00:00Z' where id = ${web}`;
    expect(await readCoverage(ann, web)).toEqual({ from: "2026-03-02T00:00:00Z", to: "2026-03-05T10:00:00Z" });
    expect(await readCoverage(ann, batch)).toBeNull();
  });
  it("draw what lies outside of it as a gap", async () => {
    const view = {
      start_date: "2026-03-01",
      end_date: "2026-03-07",
      metric: "cost",
      by: "model",
      interval: "day",
      compare: "previous",
    } as const;
    const words = { unknown: "?", rest: String };
    const chart = await readUsageChart(ann, { ...view, key: web, model: undefined }, "UTC", words);
    expect(chart.buckets.map((bucket) => bucket.total)).toEqual([null, 10, 0, 0, 0, null, null]);
    expect(chart.buckets.every((bucket) => bucket.previous === null)).toBe(true);
    const days = { ...view, key: web, model: undefined, start_date: "2026-03-04", end_date: "2026-03-06" };
    const later = await readUsageChart(ann, days, "UTC", words);
    // The first of March was never read; on the third nothing was used.
    expect(later.buckets.map((bucket) => bucket.previous)).toEqual([null, 10, 0]);
  });
  it("are unknown, not zero, where nothing was read", async () => {
    const figures = async (start_date: string, end_date: string, api_key_id: number) => {
      const dates = { start_date, end_date, timezone: "UTC" };
      const { summary: now, previous } = await readDashboard(ann, { ...dates, api_key_id });
      const coverage = await readCoverage(ann, api_key_id);
      const before = comparableOf(previous.summary, previous.period, coverage);
      return [now.total_cost, now.total_requests, now.total_tokens, now.avg_cost_per_day, before.total_cost];
    };
    expect(await figures("2026-03-04", "2026-03-05", web)).toEqual([0, 0, 0, 0, 10]);
    expect(await figures("2026-03-02", "2026-03-03", web)).toEqual([10, 4, 220, 5, null]);
    expect(await figures("2026-02-01", "2026-03-01", web)).toEqual([null, null, null, null, null]);
    expect(await figures("2026-03-06", "2026-03-09", web)).toEqual([null, null, null, null, 10]);
    // What arrived of a key before its first reading is known all the same.
    await sql()`update api_keys set last_synced_at = null where id = ${batch}`;
    expect(await figures("2026-03-01", "2026-03-05", batch)).toEqual([10, 1, 110, 2, null]);
    expect(await figures("2026-03-04", "2026-03-05", batch)).toEqual([null, null, null, null, null]);
  });
  it("tell how long the credits last only where they are known", async () => {
    expect((await readOutlook(ann, {})).credits).toBeNull();
    await sql()`update api_keys set kind = 'management', credits_total = 50, credits_used = 20.5, credits_at = now() where id = ${batch}`;
    expect((await readOutlook(ann, {})).credits).toMatchObject({ left: 29.5, total: 50, days: null });
  });
});
