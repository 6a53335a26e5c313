import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { prepareInstallation } from "@/db/embedded/installation";
import { isAlive } from "@/db/embedded/postmaster";
import { createDatabase, type EmbeddedRole } from "@/db/embedded/roles";
import { startServer, stopPostmaster } from "@/db/embedded/server";
import { grantAccess } from "@/db/grant-access";
import { migrateDatabase } from "@/db/migrate";
import { withConnection } from "@/db/open-pool";

declare module "vitest" {
  interface ProvidedContext {
    /** The addresses of this run's server for each role, with the database `postgres`. */
    databaseServer: Record<EmbeddedRole, string>;
  }
}

const PREFIX = "openrouter-monitor-test-";

/** A run that was killed could not end its server: the next one does. */
async function endAbandonedServers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX) || isAlive(Number.parseInt(name.slice(PREFIX.length), 10))) continue;
    const dataDir = path.join(tmpdir(), name);
    await stopPostmaster(prepareInstallation(dataDir), "immediate");
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** One real PostgreSQL for the whole run, with a migrated template that every test file clones. */
export default async function setup(project: TestProject) {
  await endAbandonedServers();
  const dataDir = await mkdtemp(path.join(tmpdir(), `${PREFIX}${process.pid}-`));
  const server = await startServer({ dataDir, password: randomBytes(12).toString("hex"), durable: false });
  const sql = postgres(server.urlOf("postgres", "postgres"), { max: 1 });
  await createDatabase(sql, "migrated");
  await sql.end();
  const owner = server.urlOf("migrated", "monitor_owner");
  await migrateDatabase(owner);
  await withConnection(owner, "tests", (connection) => grantAccess(connection, "monitor"));
  project.provide("databaseServer", {
    postgres: server.urlOf("postgres", "postgres"),
    monitor_owner: server.urlOf("postgres", "monitor_owner"),
    monitor: server.urlOf("postgres", "monitor"),
  });

  return async () => {
    await server.stop("immediate");
    await rm(dataDir, { recursive: true, force: true });
  };
}
