import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type EmbeddedDatabase, openDatabase, withDatabase } from "@/db/embedded/database";
import { prepareInstallation } from "@/db/embedded/installation";
import { boundLogFile } from "@/db/embedded/log-file";
import { findPostmaster, isAlive } from "@/db/embedded/postmaster";
import { readSecrets } from "@/db/embedded/secrets";
import { stopPostmaster } from "@/db/embedded/server";

let dataDir: string;
const clusterDir = () => path.join(dataDir, "postgres");
const children: ChildProcess[] = [];
const opened: EmbeddedDatabase[] = [];

/** Opens the database in this process, until the end of the test at the latest. */
async function open(): Promise<EmbeddedDatabase> {
  const database = await openDatabase(dataDir, (error) => {
    throw error;
  });
  opened.push(database);
  return database;
}

const newFolder = () => mkdtemp(path.join(tmpdir(), "openrouter-monitor-launcher-"));

// Made once and copied, for making a cluster takes longer than anything that is tested here.
let used: string;

beforeAll(async () => {
  used = await newFolder();
  await (await openDatabase(used, () => {})).close();
});

beforeEach(async () => {
  dataDir = await newFolder();
  await cp(used, dataDir, { recursive: true });
});

/** As on a machine where the application never ran. */
async function forgetEverything(): Promise<void> {
  for (const name of await readdir(dataDir)) await rm(path.join(dataDir, name), { recursive: true });
}

afterAll(() => rm(used, { recursive: true, force: true }));

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const database of opened.splice(0)) await database.close();
  await stopPostmaster(prepareInstallation(dataDir), "immediate");
  await rm(dataDir, { recursive: true, force: true });
});

async function query<T>(url: string, use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await use(sql);
  } finally {
    await sql.end();
  }
}

/** Another process that opens the database of this DATA_DIR, says so, and holds it until it is killed. */
async function openElsewhere(): Promise<{ child: ChildProcess; url: string }> {
  const code = `
    import { openDatabase } from "./db/embedded/database.ts";
    const { url } = await openDatabase(${JSON.stringify(dataDir)}, () => {});
    process.stdout.write(url);
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [url] = await once(child.stdout, "data");
  return { child, url: String(url) };
}

test("a first start makes a cluster, its secrets readable by their owner alone, and a second start finds both", async () => {
  await forgetEverything();
  const first = await open();
  await query(first.url, (sql) => sql`create table kept as select 1 as one`);
  await first.close();
  expect(await findPostmaster(clusterDir())).toBeUndefined();
  expect((await stat(path.join(dataDir, "secrets.json"))).mode & 0o777).toBe(0o600);

  const secrets = await readSecrets(dataDir);
  const second = await open();
  expect(await query(second.url, (sql) => sql`select one from kept`)).toEqual([{ one: 1 }]);
  expect(await readSecrets(dataDir)).toEqual(secrets);
  await second.close();
});

test("two first starts at once make one cluster, and one of them gives way", async () => {
  await forgetEverything();
  const both = await Promise.allSettled([open(), open()]);
  const refused = both.filter((result) => result.status === "rejected");
  expect(refused.map(({ reason }) => String(reason.message))).toEqual([
    `DATA_DIR ${dataDir} is in use by another running instance`,
  ]);
});

test("a live instance is not disturbed by a second one, nor by a command beside it", async () => {
  const live = await openElsewhere();
  const postmaster = await findPostmaster(clusterDir());
  await expect(open()).rejects.toThrow("is in use by another running instance");
  expect(await withDatabase(dataDir, async (url) => url)).toBe(live.url);
  expect(await findPostmaster(clusterDir())).toEqual(postmaster);
});

test("the server of an instance that was killed is taken over as it runs", async () => {
  const { child, url } = await openElsewhere();
  child.kill("SIGKILL");
  await once(child, "exit");
  const before = await findPostmaster(clusterDir());
  expect(before).toBeDefined();
  const taken = await open();
  expect(taken.url).toBe(url);
  expect(await findPostmaster(clusterDir())).toEqual(before);
  await taken.close();
});

test("after everything was killed, the next start recovers what was committed", async () => {
  const { child, url } = await openElsewhere();
  await query(url, (sql) => sql`create table kept as select 1 as one`);
  const postmaster = await findPostmaster(clusterDir());
  child.kill("SIGKILL");
  process.kill(Number(postmaster?.pid), "SIGKILL");
  const next = await open();
  expect(await query(next.url, (sql) => sql`select one from kept`)).toEqual([{ one: 1 }]);
  await next.close();
});

test("a server that dies alone is started again at the same port", async () => {
  const database = await open();
  const before = await findPostmaster(clusterDir());
  process.kill(Number(before?.pid), "SIGKILL");
  await vi.waitFor(() => query(database.url, (sql) => sql`select 1`), { timeout: 15_000, interval: 100 });
  const after = await findPostmaster(clusterDir());
  expect(after?.port).toBe(before?.port);
  expect(after?.pid).not.toBe(before?.pid);
  await database.close();
});

test("a process that was given a dead server's number is no obstacle and comes to no harm", async () => {
  const stranger = spawn("sleep", ["60"], { stdio: "ignore" });
  children.push(stranger);
  const left = [stranger.pid, clusterDir(), "1", "5432", "", "127.0.0.1", "1 1", "ready", ""].join("\n");
  await writeFile(path.join(clusterDir(), "postmaster.pid"), left);
  const next = await open();
  expect(await query(next.url, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
  expect(isAlive(Number(stranger.pid))).toBe(true);
  await next.close();
});

test("lost secrets and a cluster of another version each stop the start with one line", async () => {
  await writeFile(path.join(clusterDir(), "PG_VERSION"), "9\n");
  await expect(open()).rejects.toThrow(/^The database in .* was made by PostgreSQL 9/);
  await rm(path.join(dataDir, "secrets.json"));
  await expect(open()).rejects.toThrow(/secrets.json is missing/);
});

test("PostgreSQL's log never takes more than twice its limit", async () => {
  const installation = prepareInstallation(dataDir);
  await writeFile(installation.logFile, "x".repeat(100));
  await boundLogFile(installation, 99);
  expect(await readFile(installation.logFile, "utf8")).toBe("");
  expect(await readFile(`${installation.logFile}.1`, "utf8")).toHaveLength(100);
});
