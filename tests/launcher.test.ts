import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { checkRights } from "@/db/check/check-database";
import { type EmbeddedDatabase, openDatabase, withDatabase } from "@/db/embedded/database";
import { prepareInstallation } from "@/db/embedded/installation";
import { boundLogFile } from "@/db/embedded/log-file";
import { migrateEmbedded } from "@/db/embedded/migrate-embedded";
import { findPostmaster, isAlive } from "@/db/embedded/postmaster";
import { readSecrets } from "@/db/embedded/secrets";
import { startServer, stopPostmaster } from "@/db/embedded/server";
import { restoreBackup } from "@/lib/backup/restore-backup";
import { writeBackup } from "@/lib/backup/write-backup";

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
  await query(first.url, (sql) => sql`insert into settings (name, value) values ('kept', 'yes')`);
  await first.close();
  expect(await findPostmaster(clusterDir())).toBeUndefined();
  expect((await stat(path.join(dataDir, "secrets.json"))).mode & 0o777).toBe(0o600);

  const secrets = await readSecrets(dataDir);
  const second = await open();
  expect(await query(second.url, (sql) => sql`select value from settings where name = 'kept'`)).toEqual([
    { value: "yes" },
  ]);
  expect(await readSecrets(dataDir)).toEqual(secrets);
  await second.close();
});

test("the application works with its tables and changes none; the owner of the tables is somebody else", async () => {
  const { url } = await open();
  const refused = async (statement: string) =>
    expect(
      query(url, (sql) => sql.unsafe(statement)),
      statement,
    ).rejects.toThrow(/permission denied|must be owner/);
  await refused("create table mine (id int)");
  await refused("alter table users add column more text");
  await refused("drop table audit_events");
  await refused("set session_replication_role = replica");
  await refused("update __drizzle_migrations set hash = ''");
  await refused("create role another");
  const [role] = await query(
    url,
    (sql) => sql`select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls from pg_roles
    where rolname = current_user`,
  );
  expect(role).toEqual({ rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false });
  expect(await checkRights(url)).toEqual([]);
});

/** Makes of this DATA_DIR what earlier versions made: one superuser called `monitor`, who owns all. */
async function makeFormer(): Promise<string> {
  const { DATABASE_PASSWORD } = await readSecrets(dataDir);
  const server = await startServer({ dataDir, password: DATABASE_PASSWORD });
  await migrateEmbedded(server);
  const superuser = server.urlOf("monitor", "postgres");
  await query(superuser, async (sql) => {
    await sql`insert into settings (name, value) values ('kept', 'yes')`;
    await sql`create schema drizzle`;
    await sql`alter table __drizzle_migrations set schema drizzle`;
    await sql`reassign owned by monitor_owner to postgres`;
    await sql`drop owned by monitor`;
  });
  const former = new URL(superuser);
  former.username = "other";
  await query(server.urlOf("postgres", "postgres"), async (sql) => {
    await sql`drop role monitor`;
    await sql`drop role monitor_owner`;
    await sql.unsafe(`create role other superuser login password '${DATABASE_PASSWORD}'`);
  });
  await query(former.toString(), (sql) => sql`alter role postgres rename to monitor`);
  former.username = "monitor";
  await query(former.toString(), (sql) => sql`drop role other`);
  await server.stop();
  return former.toString();
}

test("a database of an earlier version, whose application was superuser, is handed over at the next start", async () => {
  await makeFormer();
  for (const _ of [1, 2]) {
    const { url, close } = await open();
    expect(await query(url, (sql) => sql`select value from settings where name = 'kept'`)).toEqual([{ value: "yes" }]);
    expect(await checkRights(url)).toEqual([]);
    const owners = await query(
      url,
      (sql) => sql`select distinct relowner::regrole::text as owner from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    );
    expect(owners).toEqual([{ owner: "monitor_owner" }]);
    const supers = await query(url, (sql) => sql`select rolname from pg_roles where rolsuper`);
    expect(supers).toEqual([{ rolname: "postgres" }]);
    await close();
  }
});

test("a restore beside the running application makes the tables anew, and they are the application's to work with", async () => {
  const { url } = await open();
  const file = path.join(dataDir, "backup.gz");
  // The daily backup is made by the application itself.
  await writeBackup(url, file, "1.0.0");
  await withDatabase(dataDir, (owner) => restoreBackup(owner, file, { force: true }));
  await query(url, (sql) => sql`insert into settings (name, value) values ('after', 'yes')`);
  expect(await checkRights(url)).toEqual([]);
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
  const portOf = (url: string) => new URL(url).port;
  expect(await withDatabase(dataDir, async (url) => portOf(url))).toBe(portOf(live.url));
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
  await query(url, (sql) => sql`insert into settings (name, value) values ('kept', 'yes')`);
  const postmaster = await findPostmaster(clusterDir());
  child.kill("SIGKILL");
  process.kill(Number(postmaster?.pid), "SIGKILL");
  const next = await open();
  expect(await query(next.url, (sql) => sql`select value from settings where name = 'kept'`)).toEqual([
    { value: "yes" },
  ]);
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
