import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textToUnits } from "../simulator/money";
import { type Simulator, startSimulator } from "../simulator/server";
import { call, countOf, HAIKU, type Json, lastDays, NOW, now, query, sumOf, withSimulator } from "./simulator-calls";

let simulator: Simulator;
let manager: string;

beforeAll(async () => {
  simulator = await startSimulator({ world: { days: 40, now }, analyticsRateLimit: false });
  manager = simulator.world.managementKey().plaintext;
});
afterAll(() => simulator.close());

describe("POST /analytics/query", () => {
  const metrics = [
    "credits_usage",
    "byok_usage",
    "total_usage",
    "request_count",
    "tokens_prompt",
    "tokens_completion",
    "reasoning_tokens",
    "cached_tokens",
  ];

  test("per key, model and hour adds up to the ledger to the last digit", async () => {
    for (const key of simulator.world.keys().filter((each) => each.kind !== "chatroom")) {
      const time_range = { start: "2026-11-01T00:00:00Z", end: NOW.toISOString() };
      const filters = [{ field: "api_key_id", operator: "eq", value: key.hash }];
      const { data } = await query(simulator, {
        metrics,
        dimensions: ["model", "provider"],
        granularity: "hour",
        time_range,
        filters,
        limit: 10_000,
      });
      const truth = simulator.world.ledger({ keyHash: key.hash, from: new Date(time_range.start) });
      expect(data.metadata.truncated).toBe(false);
      expect([key.name, sumOf(data.data, "credits_usage"), sumOf(data.data, "byok_usage")]).toEqual([
        key.name,
        truth.cost,
        truth.byokCost,
      ]);
      expect(countOf(data.data, "request_count")).toBe(truth.requests);
      expect(countOf(data.data, "tokens_prompt")).toBe(truth.tokensPrompt);
      expect(countOf(data.data, "cached_tokens")).toBe(truth.tokensCached ?? 0);
    }
  });

  test("of the account holds what no listed key spent", async () => {
    const { data } = await query(simulator, { dimensions: ["api_key_id"], time_range: lastDays(60) });
    const names = data.data.map((row) => row.api_key_id);
    expect(names).toContain("Chatroom");
    expect(names).toContain("OAuth: Coding Assistant");
    expect(names.filter((name) => name === "backend")).toHaveLength(1);
    expect(sumOf(data.data, "credits_usage")).toBe(simulator.world.ledger().cost);
    expect((await call(simulator, "/credits", manager)).json.data.total_usage).toBe(
      Number(simulator.world.ledger().cost),
    );
  });

  test("gives counts as text, money as numbers and null for what is not reported", async () => {
    const filters = [{ field: "model", operator: "eq", value: "openai/gpt-4.1" }];
    const { data } = await query(simulator, { metrics, granularity: "day", time_range: lastDays(1), filters });
    expect(data.data[0]).toEqual({
      date__day: "2026-11-21",
      credits_usage: expect.any(Number),
      byok_usage: expect.any(Number),
      total_usage: expect.any(Number),
      request_count: expect.stringMatching(/^\d+$/),
      tokens_prompt: expect.stringMatching(/^\d+$/),
      tokens_completion: expect.stringMatching(/^\d+$/),
      reasoning_tokens: null,
      cached_tokens: expect.stringMatching(/^\d+$/),
    });
  });

  test("names its time column in each of the known ways", () =>
    withSimulator(
      { world: simulator.world, timeColumn: "created_at", timeFormat: "iso", countsAs: "number" },
      async (other) => {
        const asked = { metrics: ["request_count"], granularity: "hour", time_range: lastDays(0) };
        expect((await query(other, asked)).data.data[0]).toMatchObject({
          created_at__hour: "2026-11-21T10:00:00.000Z",
          request_count: expect.any(Number),
        });
        expect((await query(simulator, asked)).data.data[0]).toMatchObject({ date__hour: "2026-11-21 10:00:00" });
      },
    ));

  const columns = ["date", "created_at"] as const;
  const beginnings = {
    minute: "2026-11-21 10:00:00",
    hour: "2026-11-21 10:00:00",
    day: "2026-11-21 00:00:00",
    week: "2026-11-16 00:00:00",
    month: "2026-11-01 00:00:00",
  };
  const forms = {
    space: (text: string) => text,
    iso: (text: string) => `${text.replace(" ", "T")}.000Z`,
    date: (text: string, granularity: string) =>
      ["minute", "hour"].includes(granularity) ? text : text.replace(" 00:00:00", ""),
  };
  test.each(columns)("writes the beginning of every granularity in each form under %s", (timeColumn) =>
    withSimulator({ world: simulator.world, analyticsRateLimit: false, timeColumn }, async (other) => {
      for (const [timeFormat, written] of Object.entries(forms) as ["space", (typeof forms)["date"]][]) {
        other.settings.timeFormat = timeFormat;
        for (const [granularity, text] of Object.entries(beginnings)) {
          const time_range = granularity === "minute" ? { ...lastDays(0), start: "2026-11-21T09:00:00Z" } : lastDays(2);
          const [row] = (await query(other, { granularity, time_range })).data.data;
          expect(row).toEqual({
            [`${timeColumn}__${granularity}`]: written(text, granularity),
            credits_usage: expect.any(Number),
          });
        }
      }
    }),
  );

  test("refuses windows that are too wide, a third dimension and unknown names", async () => {
    const refusals: [Json, RegExp][] = [
      [{ granularity: "minute", time_range: lastDays(1) }, /3 hours/],
      [{ granularity: "hour", time_range: lastDays(32) }, /31 days/],
      [{ granularity: "day", time_range: lastDays(400) }, /367 days/],
      [{ dimensions: ["provider"], time_range: lastDays(40) }, /31 days/],
      [{ dimensions: ["model", "provider", "user"] }, /2 dimensions/],
      [{ metrics: ["spend"] }, /spend/],
      [{ metrics: [] }, /metric/],
      [{ granularity: "decade" }, /decade/],
      [{ time_range: { start: "2026-11-01", end: "2026-11-02" } }, /seconds/],
      [{ limit: 10_001 }, /10000/],
      [{ order_by: { field: "model", direction: "asc" } }, /order_by/],
      [{ filters: [{ field: "model", operator: "like", value: "a" }] }, /like/],
    ];
    for (const [body, reason] of refusals) {
      const { status, json } = await query(simulator, body);
      expect([status, json.error.message]).toEqual([400, expect.stringMatching(reason)]);
    }
  });

  test("says when it was truncated", async () => {
    const { data } = await query(simulator, { granularity: "day", time_range: lastDays(20), limit: 3 });
    expect(data.metadata).toMatchObject({ truncated: true, row_count: 3 });
    expect(data.data.map((row) => row.date__day)).toEqual(["2026-11-21", "2026-11-20", "2026-11-19"]);
  });

  test("warns of a key that it cannot resolve and gives no rows", async () => {
    const filters = [{ field: "api_key_id", operator: "in", value: ["f".repeat(64)] }];
    const { status, data } = await query(simulator, { filters });
    expect([status, data.data, data.warnings?.length]).toEqual([200, [], 1]);
  });

  test("no longer resolves a deleted key, whose spend stays in the account's", () =>
    withSimulator({ world: { keys: 2, days: 3, now } }, async (own) => {
      const { hash } = own.world.keyNamed("key-0001");
      const filters = [{ field: "api_key_id", operator: "eq", value: hash }];
      own.world.deleteKey(hash);
      expect((await query(own, { filters })).data).toMatchObject({
        data: [],
        warnings: [expect.stringContaining(hash)],
      });
      expect(sumOf((await query(own, {})).data.data, "credits_usage")).toBe(own.world.ledger().cost);
    }));

  test("leaves out an hour that began before the window", async () => {
    const asked = (start: string) =>
      query(simulator, { granularity: "hour", time_range: { start, end: NOW.toISOString() } });
    const hours = async (start: string) => (await asked(start)).data.data.map((row) => row.date__hour);
    expect(await hours("2026-11-21T09:00:00Z")).toEqual(["2026-11-21 10:00:00", "2026-11-21 09:00:00"]);
    expect(await hours("2026-11-21T09:00:01Z")).toEqual(["2026-11-21 10:00:00"]);
  });

  test("gives weeks from Monday, calendar months, and as many rows per group as asked", async () => {
    const first = async (granularity: string) =>
      (await query(simulator, { granularity, time_range: lastDays(40) })).data.data[0];
    expect(await first("week")).toMatchObject({ date__week: "2026-11-16" });
    expect(await first("month")).toMatchObject({ date__month: "2026-11-01" });
    const order_by = { field: "credits_usage", direction: "desc" };
    const { data } = await query(simulator, {
      granularity: "day",
      dimensions: ["workspace"],
      group_limit: 1,
      order_by,
    });
    expect(data.data.map((row) => row.workspace).sort()).toEqual([
      "Customer Apps",
      "Default Workspace",
      "Research",
      "Unattributed",
    ]);
  });

  test("filters by numeric id, by chatroom and by exclusion", async () => {
    const { world } = simulator;
    const key = world.keyNamed("prod-web");
    const total = async (operator: string, value: unknown) =>
      sumOf(
        (await query(simulator, { filters: [{ field: "api_key_id", operator, value }], time_range: lastDays(60) })).data
          .data,
        "credits_usage",
      );
    const own = await total("eq", key.id);
    expect(own).toBe(world.ledger({ keyHash: key.hash }).cost);
    expect(await total("eq", -1)).toBe(world.ledger({ keyHash: world.keyNamed("Chatroom").hash }).cost);
    expect(textToUnits(await total("neq", key.hash)) + textToUnits(own)).toBe(textToUnits(world.ledger().cost));
  });

  test("is limited per account, with Retry-After", () =>
    withSimulator(
      { world: { keys: 1, days: 1, now }, analyticsRateLimit: { requests: 2, windowMs: 60_000 } },
      async (limited) => {
        const statuses = [];
        for (let index = 0; index < 3; index += 1) statuses.push((await query(limited, {})).status);
        expect(statuses).toEqual([200, 200, 429]);
        expect(Number((await query(limited, {})).headers.get("retry-after"))).toBeGreaterThan(50);
      },
    ));

  test("answers from its cache, stale and marked, until its time of the world's clock is over", async () => {
    let at = NOW;
    const world = { keys: 1, days: 1, now: () => at };
    await withSimulator({ world, analyticsCacheMs: 60_000 }, async (caching) => {
      const asked = { time_range: lastDays(5) };
      const first = (await query(caching, asked)).data;
      const { hash } = caching.world.keyNamed("key-0001");
      caching.world.record({ keyHash: hash, model: HAIKU, at: new Date("2026-11-21T09:00:00Z") });
      at = new Date(NOW.getTime() + 59_999);
      expect((await query(caching, asked)).data).toEqual({ ...first, cachedAt: NOW.getTime() });
      at = new Date(NOW.getTime() + 60_000);
      expect(sumOf((await query(caching, asked)).data.data, "credits_usage")).toBe(caching.world.ledger().cost);
    });
  });
});
