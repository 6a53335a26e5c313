import { beforeAll, describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { readTimeseries } from "@/lib/usage/read/read-timeseries";
import { TimeseriesQuery } from "@/lib/usage/schema";
import { MARCH } from "./support/march";
import { plantKey } from "./support/usage";
import { createPerson } from "./support/world";

let ann: Viewer;
let account: number;
let key: number;

const read = (given: object, viewer = ann) => readTimeseries(viewer, TimeseriesQuery.parse({ ...MARCH, ...given }));
const valuesOf = ({ series }: Awaited<ReturnType<typeof read>>) =>
  series.map(({ name, total, points }) => [name, total, points.map(({ value }) => value)]);

beforeAll(async () => {
  ann = (await createPerson()).viewer;
  account = await plantKey(ann, "Account");
  key = await plantKey(ann, "Shop");
  await sql()`update api_keys set kind = 'management', details_read_at = '2026-03-03T04:00:00Z' where id = ${account}`;
  await sql()`
    insert into breakdown_days (team_id, api_key_id, date, dimension, value, model, requests, tokens_input, tokens_output, cost)
    select ${ann.teamId}, ${account}, * from (values
      ('2026-03-01'::date, 'app', 'Cline', null, 2, 20, 2, 0.1),
      ('2026-03-02'::date, 'app', 'Cline', null, 1, 10, 1, 0.2),
      ('2026-03-02'::date, 'app', null, null, 5, null, null, 0.4),
      ('2026-03-01'::date, 'finish_reason', 'stop', 'openai/gpt-5', 2, 20, 2, 0.1),
      ('2026-03-01'::date, 'finish_reason', 'stop', 'a/one', 1, 10, 1, 0.6)) planted`;
  await sql()`
    insert into performance (team_id, api_key_id, granularity, bucket, model, provider, requests, figures)
    select ${ann.teamId}, * from (values
      (${account}::int, 'hour', '2026-03-01T05:00:00Z'::timestamptz, 'a/one', 'Alpha', 9, '{"p90_latency": 900, "avg_throughput": 40.5}'::jsonb),
      (${account}::int, 'hour', '2026-03-01T06:00:00Z'::timestamptz, 'a/one', 'Alpha', 9, '{"p90_latency": 800}'::jsonb),
      (${account}::int, 'hour', '2026-03-01T06:00:00Z'::timestamptz, 'a/one', 'Beta', 1, '{"p90_latency": 100}'::jsonb),
      (${key}::int, 'day', '2026-03-02T00:00:00Z'::timestamptz, null, null, 20, '{"p90_latency": 850}'::jsonb)) planted`;
});

describe("A breakdown over time", () => {
  it("has a series per part; days before and after what was read are unknown", async () => {
    const apps = await read({ group_by: "app" });
    expect(valuesOf(apps)).toEqual([
      [null, 0.4, [0, 0.4, 0, null]],
      ["Cline", 0.3, [0.1, 0.2, 0, null]],
    ]);
    expect(apps.data_as_of).toBe("2026-03-03T04:00:00Z");
    expect(valuesOf(await read({ group_by: "app", metric: "tokens", interval: "week", top: 1 }))).toEqual([
      ["Cline", 33, [22, 11]],
    ]);
    expect(valuesOf(await read({ group_by: "country" }))).toEqual([]);
  });

  it("is of an account, and by model where OpenRouter keeps that", async () => {
    const stop = { group_by: "finish_reason", api_key_id: account };
    expect(valuesOf(await read(stop))[0]?.[1]).toBe(0.7);
    expect(valuesOf(await read({ ...stop, model: "a/one", metric: "requests" }))).toEqual([
      ["stop", 1, [1, 0, 0, null]],
    ]);
    const stranger = (await createPerson()).viewer;
    expect(valuesOf(await read({ group_by: "app" }, stranger))).toEqual([]);
    await expect(read(stop, stranger)).rejects.toMatchObject({ code: "forbidden" });
  });

  it.each([
    [{ group_by: "app", metric: "byok_cost" }, /^metric must be cost, requests or tokens/],
    [{ group_by: "app", interval: "hour" }, /^interval must be day, week or month/],
    [{ group_by: "app", model: "a/one" }, /^model .*does not keep app per model/],
  ])("refuses %o in words", async (given, detail) => {
    await expect(read(given)).rejects.toMatchObject({ code: "unprocessable", detail: expect.stringMatching(detail) });
  });

  it("refuses a key that is no account", async () => {
    await expect(read({ group_by: "app", api_key_id: key })).rejects.toMatchObject({
      code: "unprocessable",
      detail: expect.stringMatching(/^api_key_id must be a management key/),
    });
  });
});

describe("Speed over time", () => {
  const HOURS = { metric: "p90_latency", interval: "hour", group_by: "model", end_date: "2026-03-01" };

  it("is as it was measured, per account, model and provider by the hour", async () => {
    const { series, other } = await read(HOURS);
    expect(series.map(({ points: _, ...rest }) => rest)).toEqual([
      { api_key_id: account, name: "a/one · Alpha", model: "a/one", provider: "Alpha", total: null },
      { api_key_id: account, name: "a/one · Beta", model: "a/one", provider: "Beta", total: null },
    ]);
    expect(series[0]?.points).toHaveLength(24);
    expect(series.map(({ points }) => points.slice(5, 8).map(({ value }) => value))).toEqual([
      [900, 800, null],
      [null, 100, null],
    ]);
    expect(other).toBeNull();
  });

  it("is never added up, neither in a total nor in the rest", async () => {
    const { series, other } = await read({ ...HOURS, group_by: "provider", top: 1 });
    expect([series.length, other?.groups, other?.total]).toEqual([1, 1, null]);
    expect(other?.points.every(({ value }) => value === null)).toBe(true);
    const throughput = await read({ ...HOURS, metric: "avg_throughput", api_key_id: account, model: "a/one" });
    expect(throughput.series.map(({ points }) => points[5]?.value)).toEqual([40.5]);
  });

  it("is known per key by the day", async () => {
    const days = { metric: "p90_latency", interval: "day", group_by: "key" };
    expect(valuesOf(await read(days))).toEqual([["Shop", null, [null, 850, null, null]]]);
    expect(valuesOf(await read({ ...days, api_key_id: account }))).toEqual([]);
    await expect(read({ ...days, model: "a/one" })).rejects.toMatchObject({ code: "unprocessable" });
  });

  it.each([{ group_by: "none" }, { interval: "day" }, { group_by: "key" }, { group_by: "app" }])(
    "refuses %o, for which nothing was measured",
    async (given) => {
      await expect(read({ ...HOURS, ...given })).rejects.toMatchObject({
        code: "unprocessable",
        detail: expect.stringMatching(/cannot be added up or averaged/),
      });
    },
  );
});
