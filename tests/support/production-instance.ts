import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "@playwright/test";
import postgres from "postgres";
import { migrateEmbedded } from "@/db/embedded/migrate-embedded";
import { type EmbeddedServer, startServer } from "@/db/embedded/server";
import { type Simulator, startSimulator } from "@/simulator/server";
import type { WorldOptions } from "@/simulator/world/world";
import { type ProductionServer, startProduction, untilReady } from "./production-server";

export const SECRET_KEY = "a secret that only tests have ever used";
export const ENCRYPTION_KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/** Production servers on one new database, beside a simulated OpenRouter. */
export type Instance = {
  servers: ProductionServer[];
  simulator: Simulator;
  /** As the application. */
  databaseUrl: string;
  /** What all of its servers are started with. */
  common: Record<string, string>;
  /** As superuser. */
  sql: postgres.Sql;
  close(): Promise<void>;
};

/** Starts a server for each set of variables; all are ready then. */
export async function startInstance(each: Record<string, string>[], world: WorldOptions = {}): Promise<Instance> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "monitor-instance-"));
  const database: EmbeddedServer = await startServer({
    dataDir,
    password: randomBytes(12).toString("hex"),
    durable: false,
  });
  await migrateEmbedded(database);
  const databaseUrl = database.urlOf("monitor", "monitor");
  const simulator = await startSimulator({ world, analyticsRateLimit: false });
  const sql = postgres(database.urlOf("monitor", "postgres"), { max: 2, onnotice: () => {} });
  const common = {
    DATABASE_URL: databaseUrl,
    SECRET_KEY,
    ENCRYPTION_KEY,
    OPENROUTER_API_URL: simulator.url,
    APP_URL: "",
  };
  const servers = await Promise.all(each.map((variables) => startProduction({ ...common, ...variables })));
  const close = async () => {
    for (const server of servers) if (server.process.exitCode === null) server.process.kill("SIGKILL");
    await sql.end();
    await simulator.close();
    await database.stop("immediate");
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await Promise.all(servers.map(untilReady));
  } catch (error) {
    await close();
    throw error;
  }
  return { servers, simulator, databaseUrl, common, sql, close };
}

/** Resolves once no sync is under way or waiting. */
export async function untilSynced({ sql }: Instance): Promise<void> {
  const open = () => sql`select 1 from sync_runs where finished_at is null`;
  await expect.poll(async () => (await open()).length, { timeout: 45_000 }).toBe(0);
}
