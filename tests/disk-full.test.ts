import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, openSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { GET as listKeys } from "@/app/api/keys/route";
import { GET as readStats } from "@/app/api/stats/dashboard/route";
import { POST as createToken } from "@/app/api/tokens/route";
import { GET as listPublicKeys } from "@/app/api/v1/keys/route";
import { closeDatabase, sql } from "@/db/client";
import { migrateEmbedded } from "@/db/embedded/migrate-embedded";
import { type EmbeddedServer, startServer } from "@/db/embedded/server";
import { makeDailyBackup } from "@/lib/backup/daily-backup";
import { env, forgetEnv } from "@/lib/base/env";
import { runOnce } from "@/lib/jobs/run-once";
import { asSuperuser } from "./support/database";
import { mountSmallDisk } from "./support/small-disk";
import { context, createPerson, requestTo } from "./support/world";

/** Where a device that is always full tells that logs are lost. */
const FULL = "/dev/full";
const PROGRAM = ["--import", "tsx", "--conditions=react-server"];

const disks = { forDatabase: mountSmallDisk(160), forBackups: mountSmallDisk(1) };
afterAll(() => {
  for (const disk of Object.values(disks)) disk?.remove();
});

const setVariables = (variables: Record<string, string | undefined>) => {
  // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
  for (const [name, value] of Object.entries(variables)) if (value === undefined) delete process.env[name];
  // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
  Object.assign(process.env, Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined)));
  forgetEnv();
};

const statusAndText = async (answer: Promise<Response>) => {
  const response = await answer;
  return { status: response.status, text: await response.text() };
};

const nameToken = (token: string, name: string) =>
  statusAndText(createToken(requestTo("/api/tokens", { token, body: { name } }), context()));

/** Reads through each door; answers the statuses. */
const readAll = async (session: string, apiToken: string) =>
  Promise.all([
    listKeys(requestTo("/api/keys", { token: session }), context()),
    readStats(requestTo("/api/stats/dashboard", { token: session }), context()),
    listPublicKeys(requestTo("/api/v1/keys", { token: apiToken }), context()),
  ]).then((answers) => answers.map(({ status }) => status));

const WORDS = "The database's disk is full: nothing was stored, what is there can be read";

describe("a database whose disk is full", () => {
  test("answers writes in words and goes on being read; when there is room again it goes on by itself", async () => {
    const { accessToken } = await createPerson();
    const { token } = JSON.parse((await nameToken(accessToken, "before")).text) as { token: string };
    await readAll(accessToken, token);
    // What PostgreSQL says when a table cannot grow.
    await sql()`update sessions set last_seen_at = now() - interval '1 hour'`;
    await asSuperuser(async (superuser) => {
      await superuser`create function refuse_room() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`;
      await superuser`create trigger refuse_room before insert on api_tokens for each row execute function refuse_room()`;
      await superuser`create trigger refuse_room before update on sessions for each row execute function refuse_room()`;
    });

    expect(await readAll(accessToken, token)).toEqual([200, 200, 200]);
    const refused = await nameToken(accessToken, "meanwhile");
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.text)).toMatchObject({ title: "Service Unavailable", detail: WORDS });

    await asSuperuser((superuser) => superuser`drop function refuse_room cascade`);
    expect((await nameToken(accessToken, "afterwards")).status).toBe(201);
  });

  describe.skipIf(!disks.forDatabase)("for real", () => {
    const disk = disks.forDatabase;
    let server: EmbeddedServer;
    let address: string;

    beforeAll(async () => {
      server = await startServer({
        dataDir: disk?.folder ?? "",
        password: randomBytes(12).toString("hex"),
        durable: false,
      });
      await migrateEmbedded(server);
      address = env().DATABASE_URL;
      await closeDatabase();
      setVariables({ DATABASE_URL: server.urlOf("monitor", "monitor") });
    });
    afterAll(async () => {
      await closeDatabase();
      await server.stop("immediate");
      setVariables({ DATABASE_URL: address });
    });

    test("loses nothing that was acknowledged, says so, and needs no restart", async () => {
      const { accessToken } = await createPerson();
      const { token } = JSON.parse((await nameToken(accessToken, "before")).text) as { token: string };
      await readAll(accessToken, token);
      await disk?.fill();
      const grow = () =>
        sql()`insert into settings (name, value) select gen_random_uuid()::text, repeat('x', 900) from generate_series(1, 50)`;
      let kept = 0;
      const refusal = await (async () => {
        for (;;) await grow().then(() => (kept += 50));
      })().catch((error: { code?: string }) => error);
      expect(refusal.code).toBe("53100");
      expect(await readAll(accessToken, token)).toEqual([200, 200, 200]);
      await disk?.makeRoom();
      await grow();
      const [row] = await sql()`select count(*)::int as count from settings where value like 'xxx%'`;
      expect(row?.count).toBe(kept + 50);
    }, 60_000);
  });
});

describe("a backup", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "monitor-full-backup-"));
    await createPerson();
  });
  afterEach(() => setVariables({ BACKUP_DIR: undefined }));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("that finds no room ends with a sentence, leaves no half file, and keeps the one that is there", async () => {
    const file = path.join(folder, "kept.gz");
    await writeFile(file, "what was there");
    // The shell lets no file grow beyond 512 bytes, as a full disk would not.
    const command = `ulimit -f 1; exec "$0" ${PROGRAM.join(" ")} scripts/backup.ts "$1"`;
    const ended = spawnSync("sh", ["-c", command, process.execPath, file], { encoding: "utf8" });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toMatch(/^openrouter-monitor: .*too large/m);
    expect(await readFile(file, "utf8")).toBe("what was there");
    expect(await readdir(folder)).toEqual(["kept.gz"]);
  });

  test.skipIf(!disks.forBackups)(
    "every day, on a full disk: the old ones stay, the run is told as failed, and the next one succeeds",
    async () => {
      const disk = disks.forBackups;
      setVariables({ BACKUP_DIR: disk?.folder });
      const backups = async () => (await readdir(disk?.folder ?? "")).filter((name) => name !== "ballast");
      const run = (day: string) =>
        runOnce("backup", new Date(`${day}T04:00:00Z`), () => makeDailyBackup(new Date(`${day}T04:00:00Z`)));
      await run("2026-03-01");
      await disk?.fill();
      await run("2026-03-02");
      expect(await backups()).toEqual(["monitor-2026-03-01T04-00-00Z.backup.gz"]);
      await disk?.makeRoom();
      await run("2026-03-03");
      expect(await backups()).toHaveLength(2);
      expect(
        await sql()`select status, detail from job_runs where job = 'backup' order by scheduled_for`,
      ).toMatchObject([
        { status: "succeeded" },
        { status: "failed", detail: expect.stringMatching(/no space left/) },
        { status: "succeeded" },
      ]);
    },
  );
});

describe("a log that cannot be written", () => {
  test.skipIf(!existsSync(FULL))("costs its lines, and the process lives on", () => {
    const ended = spawnSync(process.execPath, [...PROGRAM, "tests/support/log-process.ts"], {
      stdio: ["ignore", openSync(FULL, "w"), "pipe"],
      encoding: "utf8",
      timeout: 30_000,
      // biome-ignore lint/style/noProcessEnv: the process gets what we have and a level
      env: { ...process.env, LOG_LEVEL: "info" },
    });
    expect({ status: ended.status, stderr: ended.stderr }).toEqual({ status: 0, stderr: "alive" });
  });
});
