import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../simulator/server";
import type { Settings } from "../simulator/settings";
import { call, countOf, type Json, lastDays, now, query, sumOf } from "./simulator-calls";
import { DIALECT_WORLD, dialects, speak } from "./support/dialects";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ world: { ...DIALECT_WORLD, now }, analyticsRateLimit: false });
});
afterAll(() => simulator.close());
afterEach(() => speak(simulator));

const set = (settings: Partial<Settings>) => Object.assign(simulator.settings, settings);
const manager = () => simulator.world.managementKey().plaintext;
const meta = async () => {
  const { status, json } = await call(simulator, "/analytics/meta", manager());
  const namesOf = (list: unknown) => (list as Json[] | undefined)?.map(({ name }) => String(name)) ?? [];
  return { status, metrics: namesOf(json.data?.metrics), dimensions: namesOf(json.data?.dimensions) };
};

test.each(dialects)("Every sum can be read where it speaks of %s", async (dialect) => {
  speak(simulator, dialect);
  const asked = {
    metrics: ["credits_usage", "request_count", "tokens_prompt"],
    dimensions: ["model", "api_key_id"],
    granularity: "hour",
    time_range: lastDays(20),
    limit: 10_000,
  };
  const { data } = (await query(simulator, asked)).data;
  const { cost, requests, tokensPrompt } = simulator.world.ledger();
  expect([sumOf(data, "credits_usage"), countOf(data, "request_count"), countOf(data, "tokens_prompt")]).toEqual([
    cost,
    requests,
    tokensPrompt,
  ]);
});

describe("The list of metrics", () => {
  test("is all that a query may ask for: one more costs the whole query", async () => {
    const listed = ["request_count", "credits_usage"];
    set({ listedMetrics: listed });
    expect((await meta()).metrics).toEqual(listed);
    expect((await query(simulator, { metrics: listed })).status).toBe(200);
    const { status, json } = await query(simulator, { metrics: [...listed, "cached_tokens"] });
    expect([status, json.error.message]).toEqual([400, "Unknown metric: cached_tokens"]);
  });

  test("may be out of date: a metric that it lists is refused", async () => {
    set({ refusedMetrics: ["usage_cache"] });
    expect((await meta()).metrics).toContain("usage_cache");
    expect((await query(simulator, { metrics: ["credits_usage", "usage_cache"] })).status).toBe(400);
    expect((await query(simulator, {})).status).toBe(200);
  });

  test("may have a metric that nobody has heard of, which reports nothing", async () => {
    set({ listedMetrics: ["credits_usage", "carbon_grams"] });
    expect((await meta()).metrics).toContain("carbon_grams");
    const { data } = (await query(simulator, { metrics: ["credits_usage", "carbon_grams"] })).data;
    expect(data).toEqual([{ credits_usage: expect.any(Number), carbon_grams: null }]);
  });

  test.each([403, 404])("may be refused with %i while queries are answered", async (metaStatus) => {
    set({ metaStatus });
    expect((await meta()).status).toBe(metaStatus);
    expect((await query(simulator, {})).status).toBe(200);
  });
});

test("A dimension that is not listed can neither divide nor filter", async () => {
  set({ listedDimensions: ["model", "api_key_id"] });
  expect((await meta()).dimensions).toEqual(["model", "api_key_id"]);
  const filters = [{ field: "provider", operator: "eq", value: "OpenAI" }];
  for (const body of [{ dimensions: ["provider"] }, { filters }])
    expect((await query(simulator, body)).status).toBe(400);
});

test("An answer may bear warnings beside its rows", async () => {
  set({ analyticsWarnings: ["Some data may be delayed"] });
  const { data, warnings } = (await query(simulator, { time_range: lastDays(20) })).data;
  expect([sumOf(data, "credits_usage"), warnings]).toEqual([
    simulator.world.ledger().cost,
    ["Some data may be delayed"],
  ]);
});

test("Analytics may be refused as a whole, while activity answers", async () => {
  set({ analyticsStatus: 403 });
  expect([(await meta()).status, (await query(simulator, {})).status]).toEqual([403, 403]);
  const { json } = await call(simulator, "/activity", manager());
  expect(sumOf(json.data, "usage")).toBe(simulator.world.ledger({ to: new Date("2026-11-21T00:00:00Z") }).cost);
});
