import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import postgres from "postgres";
import { type EmbeddedServer, startServer } from "@/db/embedded/server";
import { type Simulator, startSimulator } from "@/simulator/server";
import { EVENT_KEY, SIGNING_KEY, startInngestServer } from "../support/inngest-server";
import { endBy, type ProductionServer, startProduction, untilReady } from "../support/production-server";
import { signIn } from "../support/sign-in";

/** The production build with Inngest in charge of its jobs, and a collector for its traces. */
test.describe.configure({ mode: "serial" });

let dataDir: string;
let database: EmbeddedServer;
let simulator: Simulator;
let inngest: Awaited<ReturnType<typeof startInngestServer>>;
let collector: Server;
let server: ProductionServer;
let traces = "";

test.beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "monitor-inngest-"));
  database = await startServer({ dataDir, password: randomBytes(12).toString("hex"), durable: false });
  simulator = await startSimulator({ world: { seed: 9, days: 5 }, analyticsRateLimit: false });
  inngest = await startInngestServer((request) => fetch(request));
  collector = createServer(async (request, response) => {
    for await (const chunk of request) traces += chunk;
    response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  server = await startProduction({
    DATABASE_URL: database.urlOf("monitor", "monitor_owner"),
    SECRET_KEY: "a secret that only tests have ever used",
    ENCRYPTION_KEY: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    OPENROUTER_API_URL: simulator.url,
    INNGEST_EVENT_KEY: EVENT_KEY,
    INNGEST_SIGNING_KEY: SIGNING_KEY,
    INNGEST_BASE_URL: inngest.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    LOG_LEVEL: "fatal",
    APP_URL: "",
  });
  await untilReady(server);
});

test.afterAll(async () => {
  if (server?.process.exitCode === null) server.process.kill("SIGKILL");
  collector?.close();
  await inngest?.close();
  await simulator?.close();
  await database?.stop("immediate");
  await rm(dataDir, { recursive: true, force: true });
});

test("registers its functions and refuses calls that nobody signed", async () => {
  expect((await server.call("/api/inngest", { method: "PUT", body: {} })).status).toBe(200);
  expect(inngest.functions.map((one) => one.id)).toContain("openrouter-monitor-sync-key");
  expect((await server.call("/api/inngest?fnId=openrouter-monitor-sync-run&stepId=step", { body: {} })).status).toBe(
    401,
  );
});

test("syncs what the ledger says, driven from outside step by step", async () => {
  const token = await signIn(server, "ann@example.com");
  const key = simulator.world.managementKey().plaintext;
  const added = await server.call("/api/keys", { token, body: { name: "Account", key } });
  expect(added.status).toBe(201);
  expect(inngest.queue.map(({ event }) => event.name)).toEqual(["sync/run.requested"]);
  const ended = await inngest.settle();
  expect(ended.filter((run) => run.error)).toEqual([]);
  const sql = postgres(database.urlOf("monitor", "postgres"), { max: 1 });
  const [row] = await sql<{ cost: string }[]>`select coalesce(sum(cost), 0) as cost from usage_stats`;
  const runs = await sql`select status from sync_runs`;
  await sql.end();
  expect(Number(row?.cost).toFixed(8)).toBe(Number(simulator.world.ledger({}).cost).toFixed(8));
  expect([...runs]).toEqual([{ status: "succeeded" }]);
});

test("leaves no trace unsent when it stops", async () => {
  await endBy(server, "SIGTERM");
  expect(traces).toContain("openrouter-monitor");
  expect(traces).toContain("/api/keys");
});
