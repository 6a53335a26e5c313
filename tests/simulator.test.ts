import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textToUnits, unitsToNumber, unitsToText } from "../simulator/money";
import { type Simulator, startSimulator } from "../simulator/server";
import { createWorld } from "../simulator/world/world";
import { call, countOf, HAIKU, type Json, NOW, now, sumOf, withSimulator } from "./simulator-calls";

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

  test("made again later with the same anchor has the same past, and has gone on", () => {
    const later = new Date("2026-11-24T15:00:00Z");
    const [first, second] = [NOW, later].map((at) => createWorld({ days: 30, anchor: NOW, now: () => at }));
    const until = { to: new Date("2026-11-21T10:00:00Z") };
    expect(second?.ledgerRows(until)).toEqual(first?.ledgerRows(until));
    expect(second?.keys().map((key) => key.plaintext)).toEqual(first?.keys().map((key) => key.plaintext));
    expect(second?.ledger({ from: NOW }).requests).toBeGreaterThan(5000);
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
