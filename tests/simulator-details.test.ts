import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appId } from "../simulator/analytics/dimensions";
import { type Simulator, startSimulator } from "../simulator/server";
import { components } from "../simulator/world/details";
import { speedNames } from "../simulator/world/speed";
import { ledgerDimensions } from "../simulator/world/truth";
import { countOf, HAIKU, type Json, lastDays, now, query, sumOf, withSimulator } from "./simulator-calls";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ world: { days: 10, now }, analyticsRateLimit: false });
});
afterAll(() => simulator.close());

const time_range = lastDays(20);
const ask = async (body: Json) => (await query(simulator, { time_range, limit: 10_000, ...body })).data.data;
const traits = ledgerDimensions.filter((name) => !["hour", "date", "keyHash", "model", "provider"].includes(name));

describe("What the money bought", () => {
  test("adds up with the BYOK fees to the credits charged, in each row and in all", async () => {
    const dimensions = ["model", "api_key_id"];
    const metrics = ["credits_usage", "byok_fees", "openrouter_usage", ...components];
    const rows = await ask({ metrics, dimensions, granularity: "hour" });
    for (const row of rows) {
      const parts = components.map((name) => ({ part: row[name] }));
      expect(sumOf([...parts, { part: row.byok_fees }], "part")).toBe(sumOf([row], "credits_usage"));
      expect(sumOf(parts, "part")).toBe(sumOf([row], "openrouter_usage"));
    }
    const truth = simulator.world.ledger();
    for (const name of components) expect([name, sumOf(rows, name)]).toEqual([name, truth.components[name]]);
    expect(sumOf(rows, "byok_fees")).toBe(truth.byokFees);
    expect(Number(truth.byokFees)).toBeGreaterThan(0);
  });

  test("is null where a model is never used so", async () => {
    const rows = await ask({ metrics: ["usage_web", "usage_upstream"], dimensions: ["model"] });
    expect(new Set(rows.map(({ usage_web }) => usage_web === null))).toEqual(new Set([true, false]));
    expect(rows.every(({ usage_upstream }) => usage_upstream !== null)).toBe(true);
  });
});

test("Requests by own keys, from the cache and stopped by guardrails are counted as the ledger counts them", async () => {
  const metrics = ["byok_request_count", "possible_cached_tokens", "response_cached_count", "guardrail_invoked_count"];
  const rows = await ask({ metrics, dimensions: ["model"], granularity: "day" });
  const { byokRequests, tokensCacheable, requestsFromCache, requestsGuarded } = simulator.world.ledger();
  const truth = [byokRequests, tokensCacheable, requestsFromCache, requestsGuarded];
  expect(metrics.map((name) => countOf(rows, name))).toEqual(truth);
  expect(truth.every((count) => count !== null && count > 0)).toBe(true);
});

describe("A dimension of single generations", () => {
  const metrics = ["credits_usage", "request_count", "tokens_completion", "usage_upstream", "guardrail_invoked_count"];

  test.each(traits)("%s has several values, whose parts add up to the undivided sums", async (dimension) => {
    const rows = await ask({ metrics, dimensions: [dimension] });
    expect(rows.length).toBeGreaterThan(1);
    const truth = simulator.world.ledgerRows({}, [dimension]);
    const shown = rows.map((row) => [
      row[dimension] === null ? null : String(row[dimension]),
      String(row.credits_usage),
      Number(row.request_count),
      Number(row.tokens_completion),
    ]);
    const told = truth.map((row) => [row[dimension], String(Number(row.cost)), row.requests, row.tokensCompletion]);
    expect(shown.sort()).toEqual(told.sort());
    const whole = simulator.world.ledger();
    expect([sumOf(rows, "credits_usage"), sumOf(rows, "usage_upstream")]).toEqual([
      whole.cost,
      whole.components.usage_upstream,
    ]);
    expect([countOf(rows, "request_count"), countOf(rows, "guardrail_invoked_count")]).toEqual([
      whole.requests,
      whole.requestsGuarded,
    ]);
  });

  test.each(traits)("%s is filtered to what a division by it shows", async (dimension) => {
    for (const row of await ask({ metrics, dimensions: [dimension] })) {
      const shown = row[dimension];
      const value = dimension === "app" ? appId(String(shown)) : shown;
      const [found] = await ask({ metrics, filters: [{ field: dimension, operator: "eq", value }] });
      expect({ ...found, [dimension]: shown }).toEqual(row);
    }
  });

  test("agrees with a second one: each pair's parts are those of either", async () => {
    const pairs = await ask({ metrics, dimensions: ["finish_reason", "country"] });
    for (const row of await ask({ metrics, dimensions: ["country"] })) {
      const parts = pairs.filter(({ country }) => country === row.country);
      expect([sumOf(parts, "credits_usage"), countOf(parts, "request_count")]).toEqual([
        sumOf([row], "credits_usage"),
        Number(row.request_count),
      ]);
    }
  });

  test("is what a test says of its requests", () =>
    withSimulator({ world: { keys: 1, days: 0, now }, analyticsRateLimit: false }, async (own) => {
      const keyHash = own.world.keyNamed("key-0001").hash;
      own.world.record({ keyHash, model: HAIKU, finishReason: "length", user: "ann", traits: { country: "CH" } });
      const at = new Date("2026-11-21T09:00:00Z");
      const some = { keyHash, model: HAIKU, provider: "Anthropic", at, cost: "1.5", requests: 7 };
      own.world.addTraffic({ ...some, traits: { finish_reason: "error", app: "Cron" } });
      const values = async (dimension: string) =>
        (await query(own, { metrics: ["request_count"], dimensions: [dimension] })).data.data.map((row) => [
          row[dimension],
          Number(row.request_count),
        ]);
      expect(await values("finish_reason")).toEqual([
        ["error", 7],
        ["length", 1],
      ]);
      expect(await values("external_user")).toContainEqual(["ann", 1]);
      expect(await values("country")).toContainEqual(["CH", 1]);
      expect(await values("app")).toContainEqual(["Cron", 7]);
    }));
});

describe("Speed", () => {
  test("is told per model, provider and hour as the world has it, whatever the key", async () => {
    const [row] = await ask({
      metrics: speedNames.slice(0, 20),
      dimensions: ["model", "provider"],
      granularity: "hour",
      filters: [{ field: "model", operator: "eq", value: HAIKU }],
    });
    const from = new Date(`${String(row?.date__hour).replace(" ", "T")}Z`);
    const to = new Date(from.getTime() + 3_600_000);
    const truth = simulator.world.speed({ model: HAIKU, provider: String(row?.provider), from, to });
    for (const name of speedNames.slice(0, 20)) expect([name, row?.[name]]).toEqual([name, truth[name]]);
  });

  test("has percentiles in order, which are not the mean of their parts", async () => {
    const families = [
      "latency",
      "throughput",
      "router_latency",
      "total_time_to_first_token",
      "generation_time",
      "inter_token_latency",
    ];
    for (const family of families) {
      const metrics = ["p50", "p90", "p95", "p99", "avg"].map((rank) => `${rank}_${family}`);
      const [whole] = await ask({ metrics });
      const [p50, p90, p95, p99, average] = metrics.map((name) => Number(whole?.[name]));
      const ranks = [p50, p90, p95, p99].map(Number);
      expect([family, ranks]).toEqual([family, ranks.toSorted((left, right) => left - right)]);
      expect(average).toBeGreaterThan(0);
      const hours = await ask({ metrics, granularity: "hour" });
      const mean = hours.reduce((sum, row) => sum + Number(row[`p90_${family}`]), 0) / hours.length;
      expect(Math.abs(mean - Number(p90)) / Number(p90)).toBeGreaterThan(0.001);
    }
  });

  test("is null where there was no request", () =>
    withSimulator({ world: { keys: 1, days: 0, now }, analyticsRateLimit: false }, async (own) => {
      const refund = { model: HAIKU, provider: "Anthropic", requests: 0, cost: "-0.25" };
      own.world.addTraffic({ ...refund, keyHash: own.world.keyNamed("key-0001").hash, at: now() });
      const { data } = (await query(own, { metrics: ["credits_usage", "p90_latency", "avg_throughput"] })).data;
      expect(data).toEqual([{ credits_usage: -0.25, p90_latency: null, avg_throughput: null }]);
    }));
});

describe("A window beyond 31 days", () => {
  const long = { time_range: lastDays(40), granularity: "day" };
  const recent = {
    metrics: [
      ...["openrouter_usage", "byok_fees", "usage_file", "usage_upstream_file", "usage_web_fetch"],
      ...["usage_upstream_web_fetch", "guardrail_invoked_count", "guardrail_invoked_rate", "response_cached_count"],
      ...["response_cached_rate", "blended_cost_per_million_tokens", ...speedNames],
    ],
    dimensions: [
      ...["provider", "origin", "country", "data_region", "skin", "finish_reason", "external_user"],
      ...["context_length_bucket", "generation_id", "session_id", "streamed"],
    ],
  };

  test("is refused for what is kept so long, naming the maximum", async () => {
    for (const metric of recent.metrics) {
      const { status, json } = await query(simulator, { ...long, metrics: ["credits_usage", metric] });
      expect([status, json.error.message]).toEqual([400, `Time range for ${metric} cannot exceed 31 days`]);
    }
    for (const dimension of recent.dimensions) {
      const { status, json } = await query(simulator, { ...long, dimensions: [dimension] });
      expect([status, json.error.message]).toEqual([400, `Time range for ${dimension} cannot exceed 31 days`]);
    }
  });

  test("may be meant by its beginning: a short one of long ago is refused as well", () =>
    withSimulator({ world: simulator.world, analyticsRateLimit: false, recentBy: "age" }, async (own) => {
      const old = { time_range: { start: "2026-10-01T00:00:00Z", end: "2026-10-08T00:00:00Z" } };
      for (const body of [{ granularity: "hour" }, { dimensions: ["provider"] }]) {
        expect((await query(simulator, { ...old, ...body })).status).toBe(200);
        expect((await query(own, { ...old, ...body })).status).toBe(400);
        expect((await query(own, { time_range, ...body })).status).toBe(200);
      }
      expect((await query(own, { ...old, granularity: "day" })).status).toBe(200);
    }));

  test.each(["model", "variant", "app", "api_key_id", "user", "workspace"])(
    "may be divided by %s",
    async (dimension) => {
      const metrics = [
        "credits_usage",
        "byok_request_count",
        "possible_cached_tokens",
        "usage_upstream",
        "usage_cache",
      ];
      const { data } = (await query(simulator, { ...long, dimensions: [dimension], metrics })).data;
      expect(sumOf(data, "credits_usage")).toBe(simulator.world.ledger().cost);
    },
  );
});
