import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { knownMigrations, migrateDatabase } from "@/db/migrate";
import { makeDailyBackup } from "@/lib/backup/daily-backup";
import { restoreBackup } from "@/lib/backup/restore-backup";
import { writeBackup } from "@/lib/backup/write-backup";
import { env, forgetEnv } from "@/lib/base/env";
import { createKey } from "@/lib/keys/create-key";
import { settleRuns } from "@/lib/sync/worker";
import { createDatabase, type TestDatabase } from "./support/database";
import { simulateOpenRouter } from "./support/openrouter";
import { createPerson } from "./support/world";

const openRouter = simulateOpenRouter({ days: 10, seed: 3 });
let folder: string;
const opened: TestDatabase[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "monitor-backup-"));
  const { viewer } = await createPerson();
  await createKey(viewer, { name: "Account", key: openRouter().world.managementKey().plaintext });
  await settleRuns();
  // What text can hold: COPY's own marks, other alphabets, and the longest numbers.
  await sql()`update api_keys set description = ${"tab\t line\n back\\slash \\. \\N “ü” 日本"} where team_id = ${viewer.teamId}`;
  await sql()`insert into usage_hours (team_id, api_key_id, hour, source, requests, cost)
    select ${viewer.teamId}, min(id), '2020-01-01T00:00:00Z', 'sample', 9007199254740993, 0.123456789012345678901234567890 from api_keys`;
});

afterEach(() => {
  // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
  for (const name of ["BACKUP_DIR", "BACKUP_KEEP"]) delete process.env[name];
  forgetEnv();
});

afterAll(async () => {
  for (const database of opened) await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function newDatabase(content: "migrated" | "empty" = "empty"): Promise<string> {
  const database = await createDatabase(content);
  opened.push(database);
  return database.as("monitor_owner");
}

async function onDatabase<T>(url: string, use: (client: postgres.Sql) => Promise<T>): Promise<T> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  return use(client).finally(() => client.end());
}

/** Every table with the number and a digest of its rows, and what each identity column gives out next. */
const fingerprint = (url: string) =>
  onDatabase(url, async (client) => {
    const tables = await client<{ name: string }[]>`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
        and relname <> '__drizzle_migrations' order by 1`;
    const prints: Record<string, unknown> = {};
    for (const { name } of tables) {
      const rows = await client<{ row: string }[]>`select t::text as row from ${client(name)} t order by 1`;
      prints[name] = [
        rows.length,
        createHash("sha256")
          .update(rows.map(({ row }) => row).join("\n"))
          .digest("hex"),
      ];
    }
    const sequences =
      await client`select sequencename, last_value from pg_sequences where schemaname = 'public' order by 1`;
    const migrations = await client`select hash from __drizzle_migrations order by id`;
    return { prints, sequences: sequences.filter((one) => one.last_value !== null), migrations: [...migrations] };
  });

describe("a backup", () => {
  test("restored into a new database makes every table what it was, and new rows get new ids", async () => {
    const file = path.join(folder, "whole.gz");
    const { tables } = await writeBackup(env().DATABASE_URL, file, "1.0.0");
    const url = await newDatabase();
    expect(await restoreBackup(url, file, { force: false })).toEqual({ tables });
    const before = await fingerprint(env().DATABASE_URL);
    const after = await fingerprint(url);
    expect(after.prints).toEqual(before.prints);
    expect(after.migrations).toEqual(before.migrations);
    expect(Object.values(before.prints).some((print) => (print as number[])[0] === 0)).toBe(true);
    await onDatabase(url, async (client) => {
      const [user] = await client<{ id: number }[]>`insert into users (email) values ('new@example.com') returning id`;
      const [most] = await client<{ id: number }[]>`select max(id) as id from users where email <> 'new@example.com'`;
      expect(user?.id).toBe((most?.id ?? 0) + 1);
      expect(await client`select tgname from pg_trigger where not tgisinternal and tgenabled <> 'A'`).toEqual([]);
    });
  });

  test("is of one moment, whatever is written meanwhile", async () => {
    const file = path.join(folder, "moment.gz");
    let busy = true;
    const writer = (async () => {
      while (busy) {
        await sql().begin(async (transaction) => {
          await transaction`insert into settings (name, value) values ('pulse', '0') on conflict (name) do update set value = settings.value::int + 1`;
          await transaction`update teams set name = (select value from settings where name = 'pulse')`;
        });
      }
    })();
    await writeBackup(env().DATABASE_URL, file, "1.0.0");
    busy = false;
    await writer;
    const url = await newDatabase();
    await restoreBackup(url, file, { force: false });
    await onDatabase(url, async (client) => {
      const rows =
        await client`select (select value from settings where name = 'pulse') is not distinct from max(t.name) as is_one from teams t
        where exists (select 1 from settings where name = 'pulse')`;
      expect(rows[0]?.is_one).not.toBe(false);
    });
  });

  test("leaves nothing behind when it fails, and an older file of its name untouched", async () => {
    const file = path.join(folder, "kept.gz");
    await writeFile(file, "what was there");
    await expect(writeBackup("postgres://127.0.0.1:9/none", file, "1.0.0")).rejects.toThrow();
    expect(await readFile(file, "utf8")).toBe("what was there");
    expect((await readdir(folder)).filter((name) => name.includes("partial"))).toEqual([]);
  });

  test("holds no OpenRouter key in the clear", async () => {
    const file = path.join(folder, "secret.gz");
    await writeBackup(env().DATABASE_URL, file, "1.0.0");
    const text = gunzipSync(await readFile(file)).toString("utf8");
    expect(text).not.toContain(openRouter().world.managementKey().plaintext);
  });
});

describe("a restore", () => {
  const backup = async () => {
    const file = path.join(folder, "source.gz");
    await writeBackup(env().DATABASE_URL, file, "1.0.0");
    return file;
  };

  test("refuses a database that holds something, and replaces it when forced", async () => {
    const file = await backup();
    const url = await newDatabase("migrated");
    await onDatabase(url, (client) => client`insert into users (email) values ('somebody@example.com')`);
    await expect(restoreBackup(url, file, { force: false })).rejects.toThrow("The database is not empty");
    await restoreBackup(url, file, { force: true });
    expect((await fingerprint(url)).prints).toEqual((await fingerprint(env().DATABASE_URL)).prints);
  });

  test("refuses a damaged or cut-off file and leaves the database as it was", async () => {
    const file = await backup();
    const url = await newDatabase("migrated");
    const before = await fingerprint(url);
    const cut = path.join(folder, "cut.gz");
    await cp(file, cut);
    await truncate(cut, 2000);
    const text = gunzipSync(await readFile(file)).toString("utf8");
    const changed = path.join(folder, "changed.gz");
    await writeFile(changed, gzipSync(text.replace("Account", "Another")));
    const short = path.join(folder, "short.gz");
    await writeFile(short, gzipSync(text.slice(0, text.lastIndexOf('{"tables"'))));
    const other = path.join(folder, "other.gz");
    await writeFile(other, gzipSync("hello\n"));
    for (const bad of [cut, changed, short, other]) {
      await expect(restoreBackup(url, bad, { force: true }), bad).rejects.toThrow("damaged, incomplete, or no backup");
    }
    await expect(restoreBackup(url, path.join(folder, "none"), { force: true })).rejects.toThrow("There is no file");
    expect(await fingerprint(url)).toEqual(before);
  });

  test("refuses a level that this version does not know", async () => {
    const file = await backup();
    const lines = gunzipSync(await readFile(file))
      .toString("utf8")
      .split("\n");
    const header = JSON.parse(lines[0] ?? "{}");
    header.migrations.push("f".repeat(64));
    const newer = path.join(folder, "newer.gz");
    await writeFile(newer, gzipSync([JSON.stringify(header), ...lines.slice(1)].join("\n")));
    await expect(restoreBackup(await newDatabase(), newer, { force: false })).rejects.toThrow(
      /use that version or a newer/,
    );
  });

  test("takes a backup of the level before and brings it up to date", async () => {
    const source = await newDatabase();
    await migrateDatabase(source, knownMigrations().slice(0, -1));
    await onDatabase(source, async (client) => {
      await client`insert into users (email) values ('early@example.com')`;
      await client`insert into teams (name) values ('Early')`;
    });
    const file = path.join(folder, "level-before.gz");
    await writeBackup(source, file, "0.9.0");
    const target = await newDatabase();
    await restoreBackup(target, file, { force: false });
    const { migrations } = await fingerprint(target);
    expect(migrations).toEqual((await fingerprint(env().DATABASE_URL)).migrations);
    await onDatabase(target, async (client) => {
      expect(await client`select email from users`).toEqual([{ email: "early@example.com" }]);
    });
  });
});

describe("the daily backup", () => {
  test("keeps as many as it is told to, deletes the oldest, and sweeps up what broke off", async () => {
    const own = path.join(folder, "daily");
    // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
    Object.assign(process.env, { BACKUP_DIR: own, BACKUP_KEEP: "2" });
    forgetEnv();
    await makeDailyBackup(new Date("2026-03-01T04:00:00Z"));
    await writeFile(path.join(own, "somebody's notes.txt"), "stay");
    const draft = path.join(own, "monitor.gz.partial-00000000");
    await writeFile(draft, "broken off");
    await utimes(draft, 0, 0);
    await makeDailyBackup(new Date("2026-03-02T04:00:00Z"));
    expect(await makeDailyBackup(new Date("2026-03-03T04:00:00Z"))).toMatch(
      /^monitor-2026-03-03T04-00-00Z.*1 older deleted$/,
    );
    expect((await readdir(own)).sort()).toEqual([
      "monitor-2026-03-02T04-00-00Z.backup.gz",
      "monitor-2026-03-03T04-00-00Z.backup.gz",
      "somebody's notes.txt",
    ]);
  });
});
