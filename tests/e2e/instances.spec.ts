import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import postgres from "postgres";
import { type EmbeddedServer, startServer } from "@/db/embedded/server";
import { type Simulator, startSimulator } from "@/simulator/server";
import { atTime, endBy, type ProductionServer, startProduction, untilReady } from "../support/production-server";

/** Two production servers on one new database, started at the same moment. */
test.describe.configure({ mode: "serial", timeout: 120_000 });

const PERSON = { email: "ann@example.com", password: "Correct-Horse-9-Battery" };
/** A scheduled minute, or the lease of a killed process and the next look for what it left. */
const LONGEST_WAIT_MS = 80_000;

let dataDir: string;
let database: EmbeddedServer;
let simulator: Simulator;
let sql: postgres.Sql;
let variables: Record<string, string>;
let first: ProductionServer;
let second: ProductionServer;
let token: string;
let keyId: number;
/** How long two servers take here until they are ready. */
let startMs: number;

test.beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "monitor-instances-"));
  database = await startServer({ dataDir, password: randomBytes(12).toString("hex"), durable: false });
  sql = postgres(database.urlOf("monitor", "postgres"), { max: 2, onnotice: () => {} });
  simulator = await startSimulator({ world: { seed: 9, days: 5 }, analyticsRateLimit: false });
  variables = {
    DATABASE_URL: database.urlOf("monitor", "monitor_owner"),
    SECRET_KEY: "a secret that only tests have ever used",
    ENCRYPTION_KEY: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    OPENROUTER_API_URL: simulator.url,
    OPENROUTER_TIMEOUT_MS: "5000",
    SYNC_INTERVAL_MINUTES: "1",
    RATE_LIMIT_REQUESTS: "6",
    LOG_LEVEL: "error",
    APP_URL: "",
  };
  const began = performance.now();
  [first, second] = await Promise.all([startProduction(variables), startProduction(variables)]);
  await Promise.all([untilReady(first), untilReady(second)]);
  startMs = performance.now() - began;
});

test.afterAll(async () => {
  for (const server of [first, second]) if (server?.process.exitCode === null) server.process.kill("SIGKILL");
  await sql?.end();
  await simulator?.close();
  await database?.stop("immediate");
  await rm(dataDir, { recursive: true, force: true });
});

/** Asks until it is so; Playwright's own patience with more of it. */
const eventually = (read: () => Promise<unknown>) => expect.poll(read, { timeout: LONGEST_WAIT_MS, intervals: [200] });

const runStatus = async (runId: number) =>
  (await sql<{ status: string }[]>`select status from sync_runs where id = ${runId}`)[0]?.status;

const spent = async () => {
  const [row] = await sql<{ cost: string }[]>`select coalesce(sum(cost), 0) as cost from usage_stats`;
  return Number(row?.cost).toFixed(8);
};

const truth = () => Number(simulator.world.ledger({}).cost).toFixed(8);

test("migrate once when they start together", async () => {
  const applied = await sql`select hash from __drizzle_migrations`;
  expect(new Set(applied.map((row) => row.hash)).size).toBe(applied.length);
});

test("share sessions, and their end", async () => {
  const registered = await first.call("/api/auth/register", {
    body: { ...PERSON, password_confirm: PERSON.password },
  });
  expect(registered.status).toBe(201);
  const login = async (server: ProductionServer) =>
    (await server.call<{ access_token: string }>("/api/auth/login", { body: PERSON })).body.access_token;
  const ended = await login(first);
  token = await login(first);
  expect((await second.call("/api/profile", { token: ended })).status).toBe(200);
  expect((await second.call("/api/auth/logout", { token: ended, method: "POST" })).status).toBe(200);
  expect((await first.call("/api/profile", { token: ended })).status).toBe(401);
  expect((await first.call("/api/profile", { token })).status).toBe(200);
});

test("share the rate limit of an API token", async () => {
  const made = await first.call<{ token: string }>("/api/tokens", { token, body: { name: "shared" } });
  const statuses: number[] = [];
  for (const server of [first, second, first, second, first, second, first, second]) {
    statuses.push((await server.call("/api/v1/keys", { token: made.body.token })).status);
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
});

test("sync what the ledger says, whichever is asked", async () => {
  const { body } = await first.call<{ id: number }>("/api/keys", {
    token,
    body: { name: "Account", key: simulator.world.managementKey().plaintext },
  });
  keyId = body.id;
  const runs = await Promise.all(
    [first, second].map((server) => server.call<{ run_id: number }>("/api/sync", { token, method: "POST", body: {} })),
  );
  for (const run of runs) await eventually(() => runStatus(run.body.run_id)).toBe("succeeded");
  expect(await spent()).toBe(truth());
});

test("do a scheduled job once per moment", async () => {
  const count = async (query: postgres.PendingQuery<postgres.Row[]>) => (await query).length;
  await eventually(() =>
    count(sql`select 1 from job_runs where job = 'sync usage' and detail = '1 teams queued'`),
  ).toBeGreaterThan(0);
  const moments = await sql`select scheduled_for from job_runs where job = 'sync usage' and detail = '1 teams queued'`;
  const runs = await sql`select id from sync_runs where trigger = 'schedule'`;
  expect(runs).toHaveLength(moments.length);
  expect(await count(sql`select 1 from job_runs group by job, scheduled_for having count(*) > 1`)).toBe(0);
});

test("share OpenRouter's Retry-After: what one was told, the other keeps to", async () => {
  const busy = simulator.faults.add({ kind: "status429", retryAfterSeconds: 600, match: { path: "/analytics/query" } });
  const asked = () => simulator.requests.filter((entry) => entry.path === "/analytics/query").length;
  const syncOn = async (server: ProductionServer) => {
    const { body } = await server.call<{ run_id: number }>("/api/sync", { token, method: "POST", body: {} });
    await eventually(() => runStatus(body.run_id)).toBe("failed");
    const run = await server.call<{ errors: { detail: string }[] }>(`/api/sync/${body.run_id}`, { token });
    return run.body.errors[0]?.detail;
  };
  // The schedule may have been told a moment before.
  expect(await syncOn(first)).toMatch(/^OpenRouter (asks|asked) us to slow down/);
  const before = asked();
  expect(await syncOn(second)).toContain("OpenRouter asked us to slow down");
  expect(asked()).toBe(before);
  const page = await fetch(`${second.address}/dashboard`, { headers: { cookie: `session=${token}` } });
  expect(page.status).toBe(200);
  expect((await page.text()).includes("Last synced"), "the page tells how old it is").toBe(true);
  busy.remove();
  await sql`delete from leases where name like 'turn:%'`;
});

test("a server that is told to stop lets its requests end, breaks its sync off, and is gone within 10 s", async () => {
  const slow = simulator.faults.add({ kind: "slow", delayMs: 2000, match: { path: "/key" } });
  const hang = simulator.faults.add({ kind: "hang", match: { path: "/analytics/query" } });
  const run = await second.call<{ run_id: number }>("/api/sync", { token, method: "POST", body: {} });
  await eventually(() => runStatus(run.body.run_id)).toBe("running");
  const asked = () => simulator.requests.filter((entry) => entry.path === "/key").length;
  const before = asked();
  const underWay = second.call(`/api/keys/${keyId}/test`, { token, method: "POST" });
  await eventually(async () => asked()).toBeGreaterThan(before);
  const [ended, answer] = await Promise.all([endBy(second, "SIGTERM"), underWay]);
  expect(ended).toMatchObject({ code: 0, killedBy: null });
  expect(ended.ms).toBeLessThan(10_000);
  expect(answer.status).toBe(200);
  slow.remove();
  hang.remove();
  await eventually(() => runStatus(run.body.run_id)).toBe("succeeded");
  expect(await spent()).toBe(truth());
});

test("what a killed server was at is finished by the other", async () => {
  second = await startProduction(variables);
  await untilReady(second);
  const hang = simulator.faults.add({ kind: "hang", match: { path: "/analytics/query" } });
  const { hash } = simulator.world.keyNamed("prod-web");
  simulator.world.record({ keyHash: hash, model: "openai/gpt-4.1", cost: "0.125" });
  const run = await second.call<{ run_id: number }>("/api/sync", { token, method: "POST", body: {} });
  await eventually(() => runStatus(run.body.run_id)).toBe("running");
  await endBy(second, "SIGKILL");
  hang.remove();
  await eventually(() => runStatus(run.body.run_id)).toBe("succeeded");
  expect(await spent()).toBe(truth());
});

test("validate and clean up once at the planned hour, though their clocks differ", async () => {
  await endBy(first, "SIGTERM");
  const [keys] = await sql`select count(*)::int as held from api_keys where is_active and ciphertext is not null`;
  await sql`
    insert into usage_hours (team_id, api_key_id, hour, requests, cost, source)
    select team_id, id, now() - interval '2 years', 1, 1, 'analytics' from api_keys where id = ${keyId}`;
  simulator.clearRequests();
  const strikes = async () => Number((await sql`select last_value from job_runs_id_seq`)[0]?.last_value);
  const before = await strikes();
  // A Sunday; two servers for each job, one a second behind.
  const servers = await Promise.all(
    ["2026-11-22T02:00:00Z", "2026-11-22T03:00:00Z"].flatMap((hour) =>
      [0, 1000].map((behind) => {
        const early = Date.parse(hour) - 1000 - 3 * startMs - behind;
        return startProduction({ ...variables, SYNC_INTERVAL_MINUTES: "1440", ...atTime(early) });
      }),
    ),
  );
  [first, second] = servers as [ProductionServer, ProductionServer];
  try {
    await Promise.all(servers.map(untilReady));
    // Who comes second is told so by the database, which counts both.
    await eventually(async () => (await strikes()) - before).toBe(servers.length);
    const runs = () =>
      sql`select job, status, detail from job_runs where job in ('validate keys', 'clean up') order by job`;
    const status = async () => (await runs()).map((run) => run.status);
    await eventually(status).toEqual(["succeeded", "succeeded"]);
    expect(await runs()).toMatchObject([
      { detail: "1 rows of usage older than 365 days deleted" },
      { detail: `${keys?.held} accepted, 0 not accepted, 0 not checked` },
    ]);
    expect(keys?.held).toBeGreaterThan(0);
    expect(simulator.requests.filter((entry) => entry.path === "/key")).toHaveLength(keys?.held);
  } finally {
    for (const server of servers.slice(2)) server.process.kill("SIGKILL");
  }
});
