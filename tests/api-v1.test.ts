import { beforeAll, describe, expect, it, vi } from "vitest";
import * as unknownRoute from "@/app/api/[...path]/route";
import { sql } from "@/db/client";
import { forgetEnv } from "@/lib/base/env";
import { call } from "./support/api";
import { tokenOf } from "./support/tokens";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson, type Person } from "./support/world";

const MARCH = "start_date=2026-03-01&end_date=2026-03-04";
const RATE = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "ratelimit", "ratelimit-policy"];

let ann: Person;
let key: number;
let token: string;

beforeAll(async () => {
  vi.stubEnv("ALLOWED_ORIGINS", "https://board.example.com");
  vi.stubEnv("MAX_API_TOKENS_PER_USER", "50");
  vi.stubEnv("OPENROUTER_API_URL", "http://127.0.0.1:9");
  vi.stubEnv("RATE_LIMIT_REQUESTS", "1000");
  forgetEnv();
  ann = await createPerson();
  key = await plantKey(ann.viewer, "Main");
  await plantUsage(ann.viewer, key, [
    { hour: "2026-03-01T22:00:00Z", cost: "0.1", requests: 2 },
    { hour: "2026-03-03T05:00:00Z", cost: "0.3", requests: 1, model: null, tokensInput: null, tokensOutput: null },
  ]);
  token = await tokenOf(ann);
});

describe("The public API", () => {
  it("tells the same figures as the pages' routes", async () => {
    const stats = (await call("GET", `/api/v1/stats?${MARCH}`, { token })).json();
    expect(stats).toMatchObject({
      period: { start_date: "2026-03-01", end_date: "2026-03-04", days: 4, timezone: "UTC" },
      summary: { total_requests: 3, total_cost: 0.4, total_tokens: 110 },
      data_as_of: "2026-03-05T10:00:00Z",
    });
    const dashboard = (await call("GET", `/api/stats/dashboard?${MARCH}`, { token: ann.accessToken })).json();
    expect(dashboard.summary).toEqual(stats.summary);
    const usage = (await call("GET", `/api/v1/usage?${MARCH}&limit=1`, { token })).json();
    expect(usage).toMatchObject({
      items: [{ date: "2026-03-03", api_key_name: "Main", model: null, cost: 0.3 }],
      pagination: { page: 1, limit: 1, total: 2, pages: 2 },
    });
    const listed = (await call("GET", `/api/usage?${MARCH}&sort=cost`, { token: ann.accessToken })).json();
    expect(listed).toMatchObject({ items: [{ cost: 0.1 }, { cost: 0.3 }] });
    const keys = (await call("GET", "/api/v1/keys", { token })).json();
    expect(keys).toMatchObject({
      items: [{ id: key, name: "Main", status: "valid", stats: { total_requests: 3, total_cost: 0.4 } }],
    });
  });

  it("answers every documented shape", async () => {
    for (const address of [
      "/api/v1/stats",
      `/api/v1/stats?${MARCH}&timezone=Asia/Kolkata&api_key_id=${key}&model=openai/gpt-5`,
      `/api/v1/usage?${MARCH}&group_by=hour`,
      `/api/v1/timeseries?${MARCH}&interval=hour&group_by=model`,
      "/api/v1/timeseries?metric=tokens&group_by=key&interval=month",
      `/api/v1/timeseries?${MARCH}&metric=byok_cost&timezone=Asia/Kathmandu`,
      "/api/v1/timeseries?group_by=app&interval=week",
      `/api/v1/timeseries?${MARCH}&metric=p90_latency&group_by=model&interval=hour`,
      "/api/v1/models",
      `/api/v1/usage/export?${MARCH}&format=json`,
      `/api/v1/usage/export?${MARCH}&format=ndjson`,
      `/api/v1/usage/export?${MARCH}`,
      "/metrics",
    ]) {
      expect([address, (await call("GET", address, { token })).status]).toEqual([address, 200]);
    }
  });

  it("refuses what is not a living API token, and says what is needed", async () => {
    const ended = await tokenOf(ann, { expires_in_days: 1 });
    await sql()`update api_tokens set expires_at = now() where prefix = ${ended.slice(0, 13)}`;
    for (const [shown, reason] of [
      [undefined, /API token is required/],
      [ann.accessToken, /needs an API token/],
      ["or_api_made-up", /not known/],
      [ended, /has expired/],
    ] as const) {
      const answer = await call("GET", "/api/v1/stats", { token: shown });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
      expect(answer.json().detail).toMatch(reason);
    }
    const swapped = await call("GET", "/api/keys", { token });
    expect([swapped.status, swapped.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
  });

  it("opens nothing beyond a token's scopes", async () => {
    const narrow = await tokenOf(ann, { scopes: ["read:keys"] });
    expect((await call("GET", "/api/v1/keys", { token: narrow })).status).toBe(200);
    for (const address of ["/api/v1/stats", `/api/v1/usage?${MARCH}`, "/metrics", "/api/v1/models"]) {
      const answer = await call("GET", address, { token: narrow });
      expect(answer.status).toBe(403);
      expect(answer.json().detail).toMatch(/scope read:/);
    }
  });

  it("shows Bob nothing of Ann's", async () => {
    const bob = await createPerson();
    const shown = await tokenOf(bob);
    expect((await call("GET", `/api/v1/usage?${MARCH}`, { token: shown })).json()).toMatchObject({ items: [] });
    expect((await call("GET", `/api/v1/stats?${MARCH}&api_key_id=${key}`, { token: shown })).status).toBe(403);
    expect((await call("GET", `/api/v1/stats?${MARCH}&api_key_id=2000000000`, { token: shown })).status).toBe(404);
  });

  it("refuses parameters that it does not know, cannot use or gets twice", async () => {
    for (const query of [
      "start_date=2026-03-05&end_date=2026-03-04",
      "start_date=2024-01-01&end_date=2026-03-04",
      "start_date=2026-02-30",
      "colour=red",
      "timezone=Mars/Olympus",
      ...["IST", "BST", "PST", "EST", "CET", "GMT+5", "EST5EDT", "+05:30"].map(
        (name) => `timezone=${encodeURIComponent(name)}`,
      ),
      "api_key_id=0",
      "model=%00",
      "model=a&model=b",
    ]) {
      const answer = await call("GET", `/api/v1/stats?${query}`, { token });
      expect([query, answer.status]).toEqual([query, 422]);
      expect(answer.json().errors).not.toEqual([]);
    }
    expect((await call("GET", "/api/v1/usage?start_date=2026-03-01", { token })).status).toBe(422);
    expect((await call("GET", `/api/v1/usage?${MARCH}&limit=1001`, { token })).status).toBe(422);
  });

  it("answers nulls for what was never read", async () => {
    const idle = await createPerson();
    const unread = await plantKey(idle.viewer, "Unread");
    await sql()`update api_keys set last_synced_at = null where id = ${unread}`;
    const shown = await tokenOf(idle);
    const keys = (await call("GET", "/api/v1/keys", { token: shown })).json();
    const totals = { total_requests: null, total_cost: null, total_tokens: null };
    expect(keys).toMatchObject({ items: [{ id: unread, stats: totals }] });
    const stats = (await call("GET", `/api/v1/stats?${MARCH}`, { token: shown })).json();
    expect(stats).toMatchObject({ summary: { ...totals, avg_cost_per_day: null }, by_model: [] });
    const dashboard = await call("GET", `/api/stats/dashboard?${MARCH}`, { token: idle.accessToken });
    expect(dashboard.json()).toMatchObject({ summary: totals, by_date: [{ cost: null }, {}, {}, {}] });
    const series = (await call("GET", `/api/v1/timeseries?${MARCH}`, { token: shown })).json();
    expect(series).toMatchObject({ series: [{ total: null, points: [{ value: null }, {}, {}, {}] }] });
  });

  it("answers 304 to who knows the figures already, until they change", async () => {
    const first = await call("GET", `/api/v1/stats?${MARCH}`, { token });
    const etag = first.headers.get("etag") ?? "";
    const again = await call("GET", `/api/v1/stats?${MARCH}`, {
      token,
      headers: { "if-none-match": `"x", ${etag}` },
    });
    expect([again.status, again.text, again.headers.get("etag")]).toEqual([304, "", etag]);
    expect(RATE.filter((name) => !again.headers.has(name))).toEqual([]);
    // Next packs what leaves, and so does a proxy: the tag is that of every packing, and comes back in either form.
    expect(etag).toMatch(/^W\/"/);
    const strong = { "if-none-match": etag.slice("W/".length) };
    expect((await call("GET", `/api/v1/stats?${MARCH}`, { token, headers: strong })).status).toBe(304);
    await plantUsage(ann.viewer, key, [{ hour: "2026-03-02T01:00:00Z", cost: "1" }]);
    const changed = await call("GET", `/api/v1/stats?${MARCH}`, { token, headers: { "if-none-match": etag } });
    expect([changed.status, (changed.json().summary as { total_cost: number }).total_cost]).toEqual([200, 1.4]);
    await sql()`update api_keys set last_synced_at = '2026-03-06T00:00:00Z' where id = ${key}`;
    expect((await call("GET", `/api/v1/stats?${MARCH}`, { token })).json().data_as_of).toBe("2026-03-06T00:00:00Z");
  });

  it("tells the rate limit on every answer, success or not", async () => {
    const answers = await Promise.all([
      call("GET", "/api/v1/keys", { token }),
      call("HEAD", "/api/v1/keys", { token }),
      call("GET", "/api/v1/keys?nonsense=1", { token }),
      call("GET", "/api/v1/keys"),
      call("POST", "/api/v1/keys", { token }),
      call("POST", "/api/v1/keys"),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 422, 401, 405, 405]);
    for (const { headers } of answers) expect(RATE.filter((name) => !headers.has(name))).toEqual([]);
    const response = await unknownRoute.GET(new Request("http://localhost/api/v1/nothing"));
    expect(response.status).toBe(404);
    expect(RATE.filter((name) => !response.headers.has(name))).toEqual([]);
    const plain = await unknownRoute.GET(new Request("http://localhost/api/nothing"));
    expect([plain.status, plain.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
  });

  it("says when to come back once the limit is used up", async () => {
    const spent = await tokenOf(ann);
    await sql()`
      insert into rate_limits (bucket, window_start, count)
      select 'token:' || id, to_timestamp(floor(extract(epoch from now()) / 3600) * 3600), 1000 from api_tokens where prefix = ${spent.slice(0, 13)}`;
    const answer = await call("GET", "/api/v1/keys", { token: spent });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(answer.headers.get("x-ratelimit-remaining")).toBe("0");
  });

  it("knows HEAD, OPTIONS and which methods there are", async () => {
    const head = await call("HEAD", `/api/v1/stats?${MARCH}`, { token });
    expect([head.status, head.text]).toEqual([200, ""]);
    expect(head.headers.get("etag")).toBeTruthy();
    const refused = await call("DELETE", "/api/v1/stats", { token });
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
    const options = await call("OPTIONS", "/api/v1/stats");
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
  });

  it("lets only the pages of allowed origins read it, and never with cookies", async () => {
    const allowed = await call("GET", "/api/v1/keys", { token, headers: { origin: "https://board.example.com" } });
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://board.example.com");
    expect(allowed.headers.get("access-control-allow-credentials")).toBeNull();
    const other = await call("GET", "/api/v1/keys", { token, headers: { origin: "https://evil.example.com" } });
    expect(other.headers.get("access-control-allow-origin")).toBeNull();
    expect(other.headers.get("vary")).toMatch(/Origin/);
    const preflight = await call("OPTIONS", "/api/v1/keys", {
      headers: { origin: "https://board.example.com", "access-control-request-method": "GET" },
    });
    expect(preflight.headers.get("access-control-allow-headers")).toMatch(/Authorization/);
  });

  it("refuses bodies that are broken, too large or of another type", async () => {
    const send = (body: string, headers: Record<string, string> = {}) =>
      call("POST", "/api/tokens", { token: ann.accessToken, body, headers });
    expect((await send("{")).status).toBe(400);
    expect((await send(JSON.stringify({ name: "x".repeat(100_000) }))).status).toBe(413);
    expect((await send("name=x", { "content-type": "text/plain" })).status).toBe(415);
    expect((await send(JSON.stringify({ name: "x", admin: true }))).status).toBe(422);
    expect((await send("[]")).status).toBe(422);
  });
});
