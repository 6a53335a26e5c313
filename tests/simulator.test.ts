import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { broadcastBody } from "../simulator/broadcast";
import { type FaultKind, faultKinds } from "../simulator/faults";
import { textToUnits, unitsToNumber, unitsToText } from "../simulator/money";
import { type Simulator, type SimulatorOptions, startSimulator } from "../simulator/server";
import { createWorld } from "../simulator/world/world";

const NOW = new Date("2026-11-21T10:20:00Z");
const now = () => NOW;
const HAIKU = "anthropic/claude-haiku-4.5";

type Json = Record<string, unknown>;

/** Calls the API as a key; the answer's `data` is what most tests want. */
async function call(simulator: Simulator, path: string, key: string | null, method = "GET", body?: unknown) {
  const response = await fetch(`${simulator.url}${path}`, {
    method,
    headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json = (await response.json()) as { data: Json & Json[]; error: { code: number; message: string } } & Json;
  return { status: response.status, headers: response.headers, json };
}

async function withSimulator<Result>(options: SimulatorOptions, use: (simulator: Simulator) => Promise<Result>) {
  const simulator = await startSimulator(options);
  try {
    return await use(simulator);
  } finally {
    await simulator.close();
  }
}

interface AnalyticsAnswer {
  data: Json[];
  metadata: { truncated: boolean; row_count: number };
  warnings?: string[];
  cachedAt?: number;
}

async function query(simulator: Simulator, body: Json, key = simulator.world.managementKey().plaintext) {
  const answer = await call(simulator, "/analytics/query", key, "POST", { metrics: ["credits_usage"], ...body });
  return { ...answer, data: answer.json.data as unknown as AnalyticsAnswer };
}

/** Sums a money column exactly. */
function sumOf(rows: readonly Json[], column: string): string {
  return unitsToText(rows.reduce((sum, row) => sum + textToUnits(Number(row[column]).toFixed(10)), 0));
}

const countOf = (rows: readonly Json[], column: string) => rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);

const lastDays = (days: number) => ({
  start: new Date(Date.UTC(2026, 10, 21 - days)).toISOString(),
  end: NOW.toISOString(),
});

let simulator: Simulator;
let manager: string;

beforeAll(async () => {
  simulator = await startSimulator({ world: { days: 40, now }, analyticsRateLimit: false });
  manager = simulator.world.managementKey().plaintext;
});
afterAll(() => simulator.close());

describe("the world", () => {
  test("is the same when made twice from one seed", () => {
    const [first, second, other] = [1, 1, 2].map((seed) => createWorld({ seed, days: 5, now }));
    expect(first?.ledgerRows()).toEqual(second?.ledgerRows());
    expect(first?.keys()).toEqual(second?.keys());
    expect(first?.ledger()).not.toEqual(other?.ledger());
  });

  test("has a daily rhythm, quiet weekends, one spike and a dormant key", () => {
    const { world } = simulator;
    const requests = (from: string, to: string, name: string) =>
      world.ledger({ keyHash: world.keyNamed(name).hash, from: new Date(from), to: new Date(to) }).requests;
    expect(requests("2026-11-18T12:00:00Z", "2026-11-18T16:00:00Z", "prod-web")).toBeGreaterThan(
      3 * requests("2026-11-18T00:00:00Z", "2026-11-18T04:00:00Z", "prod-web"),
    );
    expect(requests("2026-11-15T00:00:00Z", "2026-11-16T00:00:00Z", "dev-laptop")).toBeLessThan(
      requests("2026-11-18T00:00:00Z", "2026-11-19T00:00:00Z", "dev-laptop"),
    );
    const days = world.ledgerRows({ keyHash: world.keyNamed("support-bot").hash }, ["date"]);
    const busiest = days.reduce((best, day) => (day.requests > best.requests ? day : best));
    expect(busiest.date).toBe("2026-11-09");
    expect(requests("2026-11-10T00:00:00Z", "2026-11-22T00:00:00Z", "old-prototype")).toBe(0);
  });

  test("generates token counts like the trace it is calibrated against", () => {
    const plain = createWorld({ keys: 1, days: 60, requestsPerDay: 500, models: ["openai/gpt-4.1"], now });
    const { requests, tokensPrompt, tokensCompletion } = plain.ledger();
    expect(tokensPrompt / requests).toBeGreaterThan(1000);
    expect(tokensPrompt / requests).toBeLessThan(1400);
    expect(tokensCompletion / requests).toBeGreaterThan(170);
    expect(tokensCompletion / requests).toBeLessThan(260);
  });

  test("counts money without rounding", () => {
    expect(unitsToText(53_340_000)).toBe("0.005334");
    expect(unitsToNumber(1)).toBe(1e-10);
    expect(String(unitsToNumber(textToUnits("99999.9999999999")))).toBe("99999.9999999999");
    expect(() => textToUnits("0.12345678901")).toThrow(RangeError);
  });

  test("books a late request where it happened, once", () => {
    const world = createWorld({ keys: 1, days: 0, now });
    const { hash } = world.keyNamed("key-0001");
    const at = new Date("2026-11-19T07:30:00Z");
    const request = world.record({
      keyHash: hash,
      model: HAIKU,
      provider: "Anthropic",
      at,
      tokensPrompt: 1000,
      tokensCompletion: 100,
      tokensCached: 0,
    });
    world.addTraffic({
      keyHash: hash,
      model: HAIKU,
      provider: "Anthropic",
      at,
      requests: 3,
      cost: "0.5",
      tokensPrompt: 5,
    });
    const [row, ...rest] = world.ledgerRows();
    expect(rest).toEqual([]);
    expect(row).toMatchObject({ hour: "2026-11-19T07:00:00.000Z", requests: 4, tokensPrompt: 1005, cost: "0.5015" });
    expect(unitsToText(request.cost)).toBe("0.0015");
  });
});

describe("credentials", () => {
  test("unknown, disabled, expired and deleted keys are refused alike", async () => {
    const { world } = simulator;
    const deleted = world.createKey({ name: "deleted" });
    world.deleteKey(deleted.hash);
    const keys = [world.keyNamed("contractor"), world.keyNamed("hackathon"), deleted].map((key) => key.plaintext);
    for (const key of [...keys, "sk-or-v1-nobody", null]) {
      const { status, json } = await call(simulator, "/key", key);
      expect([status, json.error.code]).toEqual([401, 401]);
    }
  });

  test("inference keys may not do what needs a management key", async () => {
    const key = simulator.world.keyNamed("prod-web").plaintext;
    for (const path of [
      "/keys",
      "/credits",
      "/activity",
      "/workspaces",
      "/analytics/meta",
      "/observability/destinations",
    ]) {
      const { status, json } = await call(simulator, path, key);
      expect([path, status]).toEqual([path, 403]);
      expect(json.error.message).toBe("Only management keys can perform this operation");
    }
  });

  test("a key hash is the SHA-256 of the whole key", () => {
    const { plaintext, hash } = simulator.world.keyNamed("prod-web");
    expect(plaintext).toMatch(/^sk-or-v1-[0-9a-f]{64}$/);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("GET /key", () => {
  test("tells the ledger's sums for ever, today, this week and this month", async () => {
    const { world } = simulator;
    const key = world.keyNamed("support-bot");
    const { json } = await call(simulator, "/key", key.plaintext);
    const since = (from?: string) => {
      const { cost, byokCost } = world.ledger({ keyHash: key.hash, ...(from ? { from: new Date(from) } : {}) });
      return [Number(cost), Number(byokCost)];
    };
    const { data } = json;
    expect([data.usage, data.byok_usage]).toEqual(since());
    expect([data.usage_daily, data.byok_usage_daily]).toEqual(since("2026-11-21T00:00:00Z"));
    expect([data.usage_weekly, data.byok_usage_weekly]).toEqual(since("2026-11-16T00:00:00Z"));
    expect([data.usage_monthly, data.byok_usage_monthly]).toEqual(since("2026-11-01T00:00:00Z"));
    expect(data.limit_remaining).toBeCloseTo(900 - Number(data.usage_monthly), 8);
    expect(data).not.toHaveProperty("name");
    expect(data).not.toHaveProperty("hash");
  });

  test("answers on the legacy path, for OAuth keys and for management keys", async () => {
    const oauth = simulator.world.keys().find((key) => key.kind === "oauth");
    expect((await call(simulator, "/auth/key", oauth?.plaintext ?? null)).json.data.is_management_key).toBe(false);
    expect((await call(simulator, "/key", manager)).json.data.is_management_key).toBe(true);
  });
});

describe("/keys", () => {
  test("shows one workspace, without disabled, expired, management and OAuth keys unless asked", async () => {
    const names = async (parameters: string) =>
      (await call(simulator, `/keys?${parameters}`, manager)).json.data.map((row) => row.name);
    expect(await names("")).toEqual(["prod-web", "batch-nightly", "dev-laptop", "old-prototype"]);
    expect(await names("include_disabled=true")).toContain("contractor");
    const { data: workspaces } = (await call(simulator, "/workspaces", manager)).json;
    expect(workspaces.map((row) => row.name)).toEqual(["Default Workspace", "Customer Apps", "Research"]);
    const research = `workspace_id=${workspaces[2]?.id}`;
    expect(await names(research)).toEqual(["evaluations", "backend"]);
    expect(await names(`${research}&include_expired=true`)).toEqual(["evaluations", "backend", "hackathon"]);
  });

  test("comes in pages of a hundred", () =>
    withSimulator({ world: { keys: 130, days: 0, now } }, async (many) => {
      const key = many.world.managementKey().plaintext;
      expect((await call(many, "/keys", key)).json.data).toHaveLength(100);
      expect((await call(many, "/keys?offset=100", key)).json.data).toHaveLength(30);
    }));

  test("creates, changes and deletes a key", () =>
    withSimulator({ world: { keys: 1, days: 0, now } }, async (own) => {
      const key = own.world.managementKey().plaintext;
      const created = await call(own, "/keys", key, "POST", { name: "nightly", limit: 5, limit_reset: "daily" });
      expect(created.status).toBe(201);
      expect(created.json.data).toMatchObject({
        name: "nightly",
        limit: 5,
        limit_remaining: 5,
        usage: 0,
        disabled: false,
      });
      const path = `/keys/${created.json.data.hash}`;
      expect((await call(own, "/key", String(created.json.key))).status).toBe(200);
      expect((await call(own, path, key, "PATCH", { disabled: true })).json.data.disabled).toBe(true);
      expect((await call(own, "/key", String(created.json.key))).status).toBe(401);
      expect((await call(own, path, key, "DELETE")).json).toEqual({ deleted: true });
      expect((await call(own, path, key)).status).toBe(404);
      expect((await call(own, "/keys", key, "POST", { limit: 5 })).status).toBe(400);
    }));
});

describe("GET /activity", () => {
  test("holds exactly the last 30 completed UTC days", async () => {
    const { json } = await call(simulator, "/activity", manager);
    const truth = simulator.world.ledger({
      from: new Date("2026-10-22T00:00:00Z"),
      to: new Date("2026-11-21T00:00:00Z"),
    });
    expect(sumOf(json.data, "usage")).toBe(truth.cost);
    expect(sumOf(json.data, "byok_usage_inference")).toBe(truth.byokCost);
    expect(countOf(json.data, "requests")).toBe(truth.requests);
    expect(countOf(json.data, "reasoning_tokens")).toBe(truth.tokensReasoning);
    expect(new Set(json.data.map((row) => row.date)).size).toBe(30);
  });

  test("narrows to a day and a key, and refuses today", async () => {
    const { hash } = simulator.world.keyNamed("prod-web");
    const { json } = await call(simulator, `/activity?date=2026-11-20&api_key_hash=${hash}`, manager);
    const truth = simulator.world.ledger({
      keyHash: hash,
      from: new Date("2026-11-20T00:00:00Z"),
      to: new Date("2026-11-21T00:00:00Z"),
    });
    expect(sumOf(json.data, "usage")).toBe(truth.cost);
    const refused = await call(simulator, "/activity?date=2026-11-21", manager);
    expect([refused.status, refused.json.error.message]).toEqual([
      400,
      "Date must be within the last 30 (completed) UTC days",
    ]);
  });
});

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
      if (key.name === "deleted") continue;
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

  test("answers from its cache, stale, when it has one", () =>
    withSimulator({ world: { keys: 1, days: 1, now }, analyticsCacheMs: 1000 }, async (caching) => {
      const first = (await query(caching, {})).data;
      caching.world.record({
        keyHash: caching.world.keyNamed("key-0001").hash,
        model: HAIKU,
        at: new Date("2026-11-21T09:00:00Z"),
      });
      expect((await query(caching, {})).data).toEqual({ ...first, cachedAt: NOW.getTime() });
    }));
});

describe("the other endpoints", () => {
  test("meta lists what a query may use", async () => {
    const { data } = (await call(simulator, "/analytics/meta", manager)).json;
    expect((data.metrics as Json[]).find((metric) => metric.name === "credits_usage")).toEqual({
      name: "credits_usage",
      display_label: "Credits Usage",
      is_rate: false,
      display_format: "currency",
    });
    expect(data.operators).toContainEqual({ name: "in", value_type: "array" });
  });

  test("models and their endpoints are public, with prices as text", async () => {
    const { json } = await call(simulator, "/models", null);
    const haiku = json.data.find((model) => model.id === HAIKU);
    expect(haiku?.pricing).toEqual({ prompt: "0.000001", completion: "0.000005", input_cache_read: "0.0000001" });
    const { data } = (await call(simulator, `/models/${HAIKU}/endpoints`, null)).json;
    expect((data.endpoints as Json[]).map((endpoint) => endpoint.provider_name)).toEqual([
      "Anthropic",
      "Amazon Bedrock",
      "Google",
    ]);
    expect((await call(simulator, "/models?limit=2", null)).json.links).toEqual({
      next: "/api/v1/models?offset=2&limit=2",
    });
  });

  test("a generation is found by any key of the account", () =>
    withSimulator({ world: { keys: 1, days: 0, now, accounts: 2 } }, async (own) => {
      const key = own.world.keyNamed("key-0001");
      const request = own.world.record({ keyHash: key.hash, model: HAIKU, cost: "0.0123" });
      const { data } = (await call(own, `/generation?id=${request.id}`, key.plaintext)).json;
      expect(data).toMatchObject({
        id: request.id,
        total_cost: 0.0123,
        is_byok: false,
        model: "anthropic/claude-4.5-haiku-20251001",
      });
      const stranger = own.world.managementKey("account-2").plaintext;
      expect((await call(own, `/generation?id=${request.id}`, stranger)).status).toBe(404);
    }));

  test("unknown paths and methods are refused", async () => {
    expect((await call(simulator, "/nowhere", manager)).status).toBe(404);
    expect((await call(simulator, "/credits", manager, "POST", {})).status).toBe(405);
  });
});

describe("Broadcast", () => {
  const path = "/observability/destinations";
  const webhook = (url: string) => ({
    type: "webhook",
    name: "Monitor",
    config: { url, method: "PUT", headers: { Authorization: "Bearer abcdefwxyz" } },
  });

  test("builds one root span with the totals and two children", () => {
    const world = createWorld({ keys: 1, days: 0, now });
    const request = world.record({
      keyHash: world.keyNamed("key-0001").hash,
      model: HAIKU,
      provider: "Anthropic",
      cost: "0.005334",
    });
    const spans = broadcastBody(request).resourceSpans.map((entry) => entry.scopeSpans[0]?.spans[0]);
    expect(spans.map((span) => span?.name)).toEqual(["LLM Generation", "provider attempt 1: Anthropic", "generation"]);
    const root = Object.fromEntries(spans[0]?.attributes.map(({ key, value }) => [key, value]) ?? []);
    expect(root["gen_ai.usage.total_cost"]).toEqual({ doubleValue: 0.005334 });
    expect(root["gen_ai.usage.input_tokens"]).toEqual({ intValue: request.tokensPrompt });
    expect(root["trace.metadata.openrouter.api_key_name"]).toEqual({ stringValue: "key-0001" });
    expect(root).not.toHaveProperty("gen_ai.prompt");
    const failed = world.record({ keyHash: request.keyHash, model: HAIKU, failed: true });
    expect(JSON.stringify(broadcastBody(failed))).not.toContain("total_cost");
    expect(world.ledger().requests).toBe(1);
  });

  test("destinations mask their secrets and number at most five of a type", () =>
    withSimulator({ world: { keys: 1, days: 0, now } }, async (own) => {
      const key = own.world.managementKey().plaintext;
      const created = await call(own, path, key, "POST", webhook("http://127.0.0.1:9/"));
      expect(created.status).toBe(201);
      expect(created.json.data.config).toMatchObject({ headers: { Authorization: "Bear...wxyz" } });
      const one = `${path}/${created.json.data.id}`;
      await call(own, one, key, "PATCH", { name: "Renamed", config: created.json.data.config });
      expect(own.world.destinations.all()[0]?.config).toMatchObject({
        headers: { Authorization: "Bearer abcdefwxyz" },
      });
      for (let index = 0; index < 4; index += 1) await call(own, path, key, "POST", webhook("http://127.0.0.1:9/"));
      expect((await call(own, path, key, "POST", webhook("http://127.0.0.1:9/"))).status).toBe(409);
      expect((await call(own, one, key, "DELETE")).json).toEqual({ deleted: true });
      expect((await call(own, path, key)).json.total_count).toBe(4);
    }));

  test("delivers with the destination's method and header, to who asked for that key", async () => {
    const received: { method?: string; authorization?: string; body: Json }[] = [];
    const receiver = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      received.push({ method: request.method, authorization: request.headers.authorization, body: JSON.parse(text) });
      response.end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const address = receiver.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/hook`;
    try {
      await withSimulator({ world: { keys: 2, days: 0, now } }, async (own) => {
        const [first, second] = [own.world.keyNamed("key-0001"), own.world.keyNamed("key-0002")];
        await call(own, path, own.world.managementKey().plaintext, "POST", {
          ...webhook(url),
          api_key_hashes: [first.hash],
        });
        const [destination] = own.world.destinations.all();
        const request = own.world.record({ keyHash: first.hash, model: HAIKU });
        expect(await own.deliver(request, { copies: 2 })).toEqual(
          [1, 2].map(() => ({ destinationId: destination?.id, status: 200 })),
        );
        expect(await own.deliver(own.world.record({ keyHash: second.hash, model: HAIKU }))).toEqual([]);
        expect(received.map(({ method, authorization }) => [method, authorization])).toEqual(
          [1, 2].map(() => ["PUT", "Bearer abcdefwxyz"]),
        );
        expect(received[0]?.body).toEqual(received[1]?.body);
        if (!destination) throw new Error("The destination is gone");
        for (const kind of ["empty", "marker", "test-generation"] as const)
          await own.deliverTest(destination, kind, request);
        expect(received[2]?.body).toEqual({});
        expect(JSON.stringify(received[3]?.body)).toContain("openrouter-connection-test");
        expect(JSON.stringify(received[4]?.body)).toContain("Test Generation");

        const recorded = new Promise((resolve) => {
          own.startLiveTraffic({ perMinute: 6_000_000, onRequest: resolve });
        });
        await recorded;
        expect(own.world.ledger().requests).toBeGreaterThan(2);
      });
    } finally {
      receiver.closeAllConnections();
      receiver.close();
    }
  });
});

describe("faults", () => {
  const usage = (answer: Awaited<ReturnType<typeof call>>) => answer.json.data.usage;

  /** What a client sees of `GET /credits` under a fault. */
  async function underFault(own: Simulator, kind: FaultKind) {
    own.faults.add({ kind, match: { path: "/credits" }, times: 1, delayMs: 1 });
    const headers = { authorization: `Bearer ${own.world.managementKey().plaintext}` };
    try {
      const response = await fetch(`${own.url}/credits`, { headers, signal: AbortSignal.timeout(300) });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      return { status: 0, headers: new Headers(), text: String(error) };
    }
  }

  test.each(faultKinds)("%s hits one call and no more", (kind) =>
    withSimulator({ world: { keys: 1, days: 1, now } }, async (own) => {
      const good = (await call(own, "/credits", own.world.managementKey().plaintext)).json;
      const { status, headers, text } = await underFault(own, kind);
      const refused = /^(?:status|html)(\d+)$/.exec(kind)?.[1];
      if (refused) expect(status).toBe(Number(refused));
      if (kind.startsWith("status")) expect(JSON.parse(text).error.code).toBe(status);
      if (kind === "status429") expect(headers.get("retry-after")).toBe("1");
      if (kind === "html502") expect(headers.get("content-type")).toContain("text/html");
      if (kind === "hang" || kind === "drop") expect(status).toBe(0);
      if (kind === "slow") expect(JSON.parse(text)).toEqual(good);
      if (kind === "truncated-json") expect(() => JSON.parse(text)).toThrow(SyntaxError);
      if (kind === "string-numbers") expect(JSON.parse(text).data.total_usage).toBe(String(good.data.total_usage));
      if (kind === "missing-fields") expect(JSON.parse(text).data).toEqual({});
      if (kind === "bad-row") expect(JSON.parse(text).data.total_usage).toBe("a lot");
      expect((await call(own, "/credits", own.world.managementKey().plaintext)).json).toEqual(good);
    }),
  );

  test("a bad row comes on top of the good ones", () =>
    withSimulator({ world: { keys: 2, days: 2, now } }, async (own) => {
      const asked = {
        granularity: "hour",
        dimensions: ["model", "api_key_id"],
        metrics: ["credits_usage", "request_count"],
      };
      const good = (await query(own, asked)).data.data;
      own.faults.add({ kind: "bad-row" });
      const [bad, ...rest] = (await query(own, asked)).data.data;
      expect(rest).toEqual(good);
      expect(bad).not.toEqual(good[0]);
    }));

  test("hit by path, caller and body, after some calls, until taken back", () =>
    withSimulator({ world: { keys: 2, days: 1, now } }, async (own) => {
      const [first, second] = [own.world.keyNamed("key-0001"), own.world.keyNamed("key-0002")];
      const byKey = own.faults.add({ kind: "status500", match: { path: "/key", keyHash: first.hash }, after: 1 });
      expect(usage(await call(own, "/key", first.plaintext))).toBeTypeOf("number");
      expect((await call(own, "/key", first.plaintext)).status).toBe(500);
      expect((await call(own, "/key", second.plaintext)).status).toBe(200);
      byKey.remove();
      expect((await call(own, "/key", first.plaintext)).status).toBe(200);
      own.faults.add({ kind: "status403", match: { method: "POST", path: "/analytics*", bodyIncludes: second.hash } });
      const about = (hash: string) => query(own, { filters: [{ field: "api_key_id", operator: "eq", value: hash }] });
      expect([(await about(first.hash)).status, (await about(second.hash)).status]).toEqual([200, 403]);
      expect(own.requests.filter((entry) => entry.path === "/analytics/query")).toHaveLength(2);
    }));
});

describe("the control paths", () => {
  test("let another process arm faults, add traffic, change keys and read the ledger", () =>
    withSimulator({ world: { keys: 1, days: 0, now } }, async (own) => {
      const control = async (path: string, method = "GET", body?: unknown) => {
        const response = await fetch(`${own.controlUrl}${path}`, {
          method,
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        return { status: response.status, json: await response.json() };
      };
      const [, key] = (await control("/keys")).json;
      expect(key).toMatchObject({ name: "key-0001", plaintext: own.world.keyNamed("key-0001").plaintext });
      const added = await control("/traffic", "POST", {
        requests: [{ keyHash: key.hash, model: HAIKU, cost: "1.25", at: "2026-11-20T08:00:00Z" }],
      });
      expect(added.status).toBe(201);
      expect((await control("/ledger")).json).toMatchObject({ requests: 1, cost: "1.25" });
      expect((await control(`/ledger?keyHash=${key.hash}&group_by=date,model`)).json).toMatchObject([
        { date: "2026-11-20", model: HAIKU },
      ]);
      expect((await control("/ledger?from=2026-11-21T00:00:00Z")).json.requests).toBe(0);
      expect((await control("/faults", "POST", { kind: "status500", match: { path: "/key" } })).status).toBe(201);
      expect((await call(own, "/key", key.plaintext)).status).toBe(500);
      await control("/faults", "DELETE");
      expect((await call(own, "/key", key.plaintext)).status).toBe(200);
      expect((await control("/requests")).json).toHaveLength(2);
      expect((await control(`/keys/${key.hash}`, "PATCH", { name: "renamed", disabled: true })).json.name).toBe(
        "renamed",
      );
      expect((await call(own, "/key", key.plaintext)).status).toBe(401);
      expect((await control("/faults", "POST", { kind: "mischief" })).status).toBe(400);
      expect((await control("/nothing")).status).toBe(404);
    }));
});
