import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { startServer } from "@/db/embedded/server";
import { migrateDatabase } from "@/db/migrate";
import { benchDatabase } from "./bench/database";
import { seedTeams } from "./bench/seed";
import { markdown } from "./bench/table";
import { benchWeb } from "./bench/web";
import { build } from "./launch/build";

// Usage: npm run bench -- [--teams=1000] [--no-build] [--web: without the database's own figures]
const root = path.resolve(fileURLToPath(import.meta.url), "../..");
const teams = Number(process.argv.find((argument) => argument.startsWith("--teams="))?.slice(8) ?? 1000);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const dataDir = await mkdtemp(path.join(tmpdir(), "openrouter-monitor-bench-"));
const server = await startServer({ dataDir, password: randomBytes(12).toString("hex") });
try {
  const environment = {
    DATABASE_URL: server.urlOf("monitor", "postgres"),
    SECRET_KEY: randomBytes(32).toString("hex"),
    ENCRYPTION_KEY: randomBytes(32).toString("hex"),
    RATE_LIMIT_REQUESTS: "1000000000",
    SYNC_INTERVAL_MINUTES: "1440",
    LOG_LEVEL: "error",
    BENCH: "1",
  };
  // biome-ignore lint/style/noProcessEnv: the verbs that are measured in this process read it
  Object.assign(process.env, environment);
  if (!process.argv.includes("--no-build")) {
    say("Building for production …");
    await build(root);
    // `npm start` must not take this build, which has routes to measure against, for its own.
    await rm(path.join(root, ".next/standalone/build-stamp"), { force: true });
  }
  const smallUrl = server.urlOf("small", "postgres");
  const admin = postgres(environment.DATABASE_URL, { max: 1 });
  await admin`create database small`;
  await admin.end();
  for (const url of [environment.DATABASE_URL, smallUrl]) await migrateDatabase(url);
  const work = { root, smallUrl, environment, teams, logFile: path.join(dataDir, "postgres.log"), say };
  const { rows: databaseRows, seeded } = process.argv.includes("--web")
    ? { rows: [], seeded: await seedTeams(environment.DATABASE_URL, teams) }
    : await benchDatabase(work);
  const webRows = await benchWeb(work, seeded);
  say(`\n${cpus()[0]?.model} × ${cpus().length}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}\n`);
  say(markdown([...webRows, ...databaseRows]));
} finally {
  await server.stop("immediate");
  await rm(dataDir, { recursive: true, force: true });
}
process.exit(0);
