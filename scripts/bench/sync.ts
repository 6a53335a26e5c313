import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { startServer } from "@/db/embedded/server";
import { migrateDatabase } from "@/db/migrate";
import { HISTORIES, HISTORY_HEAD, HISTORY_NOTE, measureHistory } from "./sync-history";
import { HOURLY_HEAD, HOURLY_NOTE, measureHourly } from "./sync-hourly";

/** Syncs of many keys and of long histories; the sums are checked against the upstream's ledger before a figure counts. */
const SIZES = [100, 1000];

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const dataDir = await mkdtemp(path.join(tmpdir(), "openrouter-monitor-bench-"));
const server = await startServer({ dataDir, password: "bench", durable: true });

async function newDatabase(name: string): Promise<string> {
  const admin = postgres(server.urlOf("postgres", "postgres"), { max: 1 });
  await admin`create database ${admin(name)}`;
  await admin.end();
  const url = server.urlOf(name, "postgres");
  await migrateDatabase(url);
  return url;
}

try {
  print(HOURLY_HEAD);
  for (const keys of SIZES) await measureHourly(keys, await newDatabase(`hourly_${keys}`), print);
  print(`${HOURLY_NOTE}\n\n${HISTORY_HEAD}`);
  for (const history of HISTORIES) await measureHistory(history, await newDatabase(history.name), print);
  print(HISTORY_NOTE);
} finally {
  await server.stop("immediate");
  await rm(dataDir, { recursive: true, force: true });
}
