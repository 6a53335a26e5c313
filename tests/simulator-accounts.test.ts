import { describe, expect, test } from "vitest";
import type { Simulator } from "../simulator/server";
import type { Settings } from "../simulator/settings";
import { call, HAIKU, type Json, lastDays, now, query, sumOf, withSimulator } from "./simulator-calls";

const YESTERDAY = new Date("2026-11-20T08:00:00Z");

/** An account with one key and no past. */
const withAccount = (use: (simulator: Simulator) => Promise<void>, settings: Partial<Settings> = {}) =>
  withSimulator({ world: { keys: 1, days: 0, now }, analyticsRateLimit: false, ...settings }, use);
const keyOf = ({ world }: Simulator) => world.keyNamed("key-0001");
const some = { model: HAIKU, provider: "Anthropic", at: YESTERDAY, requests: 1 };
const activity = async (own: Simulator) =>
  (await call(own, "/activity", own.world.managementKey().plaintext)).json.data;

describe("Usage by own provider keys", () => {
  test("may have no credits at all, in analytics as in activity, and is spend of its own", () =>
    withAccount(async (own) => {
      const byok = { cost: null, byokCost: "2", requests: 11, byokRequests: 11 };
      own.world.addTraffic({ ...some, ...byok, keyHash: keyOf(own).hash });
      const metrics = ["credits_usage", "byok_usage", "request_count", "usage_upstream"];
      const { data } = (await query(own, { metrics })).data;
      expect(data).toEqual([{ credits_usage: null, byok_usage: 2, request_count: "11", usage_upstream: null }]);
      expect(await activity(own)).toMatchObject([{ usage: null, byok_usage_inference: 2, requests: 11 }]);
      expect(own.world.ledger()).toMatchObject({ cost: "0", byokCost: "2", requests: 11 });
      own.world.record({ keyHash: keyOf(own).hash, model: HAIKU, at: YESTERDAY, isByok: true, cost: null });
      own.world.record({ keyHash: keyOf(own).hash, model: HAIKU, at: YESTERDAY, cost: "0.5" });
      const [row] = (await query(own, { metrics })).data.data;
      expect(row).toMatchObject({ credits_usage: 0.5, request_count: "13" });
    }));

  test("may be of a model that OpenRouter does not tell", () =>
    withAccount(async (own) => {
      own.world.addTraffic({ ...some, model: null, cost: "0.75", keyHash: keyOf(own).hash });
      for (const modelShownAs of ["slug", "permaslug", "name"] as const) {
        own.settings.modelShownAs = modelShownAs;
        const { data } = (await query(own, { dimensions: ["model"] })).data;
        expect(data).toEqual([{ model: null, credits_usage: 0.75 }]);
      }
      expect(await activity(own)).toMatchObject([{ model: null, model_permaslug: null, usage: 0.75 }]);
      expect(own.world.ledger({ model: null }).cost).toBe("0.75");
    }));
});

test("A refund is a negative cost, in every answer and counter", () =>
  withAccount(async (own) => {
    const { hash, plaintext } = keyOf(own);
    own.world.addTraffic({ ...some, cost: "1", keyHash: hash });
    own.world.addTraffic({ ...some, cost: "-1.25", requests: 0, keyHash: hash });
    const { data } = (await query(own, { metrics: ["credits_usage", "request_count"] })).data;
    expect(data).toEqual([{ credits_usage: -0.25, request_count: "1" }]);
    expect(await activity(own)).toMatchObject([{ usage: -0.25 }]);
    expect((await call(own, "/key", plaintext)).json.data).toMatchObject({ usage: -0.25, usage_weekly: -0.25 });
    expect(own.world.ledger()).toMatchObject({
      cost: "-0.25",
      components: { usage_upstream: expect.stringMatching("^-0") },
    });
  }));

describe("A key", () => {
  test("tells who made it, where it spends and what of today's free requests is left", () =>
    withAccount(async (own) => {
      const { world } = own;
      world.account().organizationId = "org_2example";
      const key = world.createKey({ name: "of a colleague", creatorUserId: "user_2colleague", externalUser: "ann" });
      const free = `meta-llama/llama-3.3-70b-instruct:free`;
      for (const at of [YESTERDAY, now()]) world.record({ keyHash: key.hash, model: free, at });
      world.record({ keyHash: key.hash, model: HAIKU, provider: "Anthropic", isByok: true });
      const { data } = (await call(own, "/key", key.plaintext)).json;
      const byok = Number(world.ledger({ keyHash: key.hash }).byokCost);
      expect(data).toMatchObject({
        creator_user_id: "user_2colleague",
        organization_id: "org_2example",
        workspace_id: world.workspacesOf(key.accountId)[0]?.id,
        allowed_data_regions: ["global"],
        free_model_daily_requests: { used: 1, limit: 1000, remaining: 999 },
        ...{ byok_usage: byok, byok_usage_daily: byok, byok_usage_weekly: byok, byok_usage_monthly: byok },
      });
      const listed = (await call(own, "/keys", world.managementKey().plaintext)).json.data;
      expect(listed.find(({ hash }) => hash === key.hash)).toMatchObject({
        creator_user_id: "user_2colleague",
        external_user: "ann",
        last_used_at: now().toISOString(),
        updated_at: null,
      });
    }));

  test("may keep to itself whose it is", () =>
    withAccount(
      async (own) => {
        const { data } = (await call(own, "/key", keyOf(own).plaintext)).json;
        expect(data).not.toHaveProperty("creator_user_id");
        expect(data).not.toHaveProperty("organization_id");
        expect(data.workspace_id).toEqual(expect.any(String));
      },
      { identityFields: false },
    ));

  test("may be one of several management keys of an account, by either prefix; none is on the list", () =>
    withSimulator({ world: { keys: 1, days: 2, now, managementKeyPrefix: "sk-or-mgmt-" } }, async (own) => {
      const first = own.world.managementKey();
      const second = own.world.createKey({ name: "monitor 2", kind: "management" });
      expect(first.plaintext).toMatch(/^sk-or-mgmt-[0-9a-f]{64}$/);
      expect(second.plaintext).toMatch(/^sk-or-v1-[0-9a-f]{64}$/);
      for (const { plaintext } of [first, second]) {
        expect((await call(own, "/key", plaintext)).json.data.is_management_key).toBe(true);
        const { data } = (await query(own, {}, plaintext)).data;
        expect(sumOf(data, "credits_usage")).toBe(own.world.ledger().cost);
        expect((await call(own, "/keys", plaintext)).json.data.map(({ name }) => name)).toEqual(["key-0001"]);
      }
      expect((await call(own, "/key", keyOf(own).plaintext)).json.data.label).toMatch(/^sk-or-v1-/);
    }));

  test("older than a year has counters of all its life, of which analytics has what its days reach", () =>
    withAccount(
      async (own) => {
        const createdAt = new Date("2025-01-10T00:00:00Z");
        const { hash, plaintext } = own.world.createKey({ name: "veteran", createdAt });
        own.world.addTraffic({ ...some, cost: "40", keyHash: hash, at: new Date("2025-06-01T08:00:00Z") });
        own.world.addTraffic({ ...some, cost: "2", keyHash: hash });
        expect((await call(own, "/key", plaintext)).json.data).toMatchObject({ usage: 42, usage_monthly: 2 });
        const credits = (await call(own, "/credits", own.world.managementKey().plaintext)).json;
        expect(credits.data.total_usage).toBe(42);
        const early = { time_range: { start: "2025-01-10T00:00:00Z", end: "2025-12-31T00:00:00Z" } };
        expect((await query(own, { ...early, granularity: "day" })).data.data).toEqual([]);
        expect((await query(own, { time_range: lastDays(360) })).data.data).toEqual([{ credits_usage: 2 }]);
        own.settings.historyDays = null;
        expect((await query(own, { ...early })).data.data).toEqual([{ credits_usage: 40 }]);
      },
      { historyDays: 365 },
    ));
});

describe("Names", () => {
  test("of a listed key, of an app's key and of the chatroom may be one, and are one row then", () =>
    withAccount(async (own) => {
      const { world } = own;
      const listed = world.createKey({ name: "Chatroom" });
      const unlisted = [
        world.createKey({ name: "Chatroom", kind: "oauth" }),
        world.createKey({ name: "Chatroom", kind: "chatroom" }),
      ];
      world.addTraffic({ ...some, cost: "2", keyHash: listed.hash });
      for (const { hash } of unlisted) world.addTraffic({ ...some, cost: "4.5", keyHash: hash });
      const { data } = (await query(own, { dimensions: ["api_key_id"] })).data;
      expect(data).toEqual([{ api_key_id: "Chatroom", credits_usage: 11 }]);
      const costOf = async (value: unknown) =>
        (await query(own, { filters: [{ field: "api_key_id", operator: "eq", value }] })).data.data;
      expect(await costOf(listed.hash)).toEqual([{ credits_usage: 2 }]);
      expect(await costOf(-1)).toEqual([{ credits_usage: 4.5 }]);
      const list = (await call(own, "/keys", world.managementKey().plaintext)).json.data;
      expect(list.map(({ hash }) => hash)).toEqual([keyOf(own).hash, listed.hash]);
    }));

  test("may hold half an emoji, which JSON writes as an escape", () =>
    withAccount(async (own) => {
      const { hash } = own.world.createKey({ name: "half \ud83d" });
      own.world.addTraffic({ ...some, cost: "1", keyHash: hash });
      const authorization = `Bearer ${own.world.managementKey().plaintext}`;
      const headers = { authorization, "content-type": "application/json" };
      const body = JSON.stringify({ metrics: ["credits_usage"], dimensions: ["api_key_id"] });
      for (const asked of [
        fetch(`${own.url}/keys`, { headers }),
        fetch(`${own.url}/analytics/query`, { method: "POST", headers, body }),
      ]) {
        expect(await (await asked).text()).toContain('"half \\ud83d"');
      }
    }));
});

test("A paged list may begin anew whatever its offset", () =>
  withSimulator({ world: { keys: 130, days: 0, now }, ignoresOffset: true }, async (own) => {
    const { plaintext } = own.world.managementKey();
    for (const list of ["/keys", "/workspaces", "/models", "/observability/destinations"]) {
      const pages = await Promise.all(["0", "100"].map((offset) => call(own, `${list}?offset=${offset}`, plaintext)));
      expect([list, pages[0]?.status, pages[1]?.json]).toEqual([list, 200, pages[0]?.json]);
    }
    expect((await call(own, "/keys?offset=100", plaintext)).json.data).toHaveLength(100);
  }));

test("The control paths make keys, old ones too, and book traffic as it stands", () =>
  withAccount(async (own) => {
    const control = async (path: string, body: Json) => {
      const sent = await fetch(`${own.controlUrl}${path}`, { method: "POST", body: JSON.stringify(body) });
      return { status: sent.status, json: await sent.json() };
    };
    const made = await control("/keys", { name: "second", kind: "management", prefix: "sk-or-mgmt-" });
    expect(made).toMatchObject({ status: 201, json: { plaintext: expect.stringMatching(/^sk-or-mgmt-/) } });
    const veteran = await control("/keys", { name: "veteran", createdAt: "2025-01-10T00:00:00Z" });
    const traffic = [{ ...some, cost: "-0.5", keyHash: veteran.json.hash }];
    expect((await control("/traffic", { traffic })).status).toBe(201);
    expect(own.world.ledger({ keyHash: veteran.json.hash }).cost).toBe("-0.5");
    expect(own.world.key(veteran.json.hash).createdAt).toEqual(new Date("2025-01-10T00:00:00Z"));
    expect((await control("/keys", {})).status).toBe(400);
    expect((await control("/traffic", { traffic: [{ cost: "1" }] })).status).toBe(400);
  }));
