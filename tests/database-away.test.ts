import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GET as readiness } from "@/app/api/health/ready/route";
import { GET as listKeys } from "@/app/api/keys/route";
import { closeDatabase, sql } from "@/db/client";
import { migrateEmbedded } from "@/db/embedded/migrate-embedded";
import { type EmbeddedServer, startServer } from "@/db/embedded/server";
import { forgetEnv } from "@/lib/base/env";
import { context, createPerson, requestTo } from "./support/world";

/** A PostgreSQL of this file's own, for stopping and starting. */
let server: EmbeddedServer;
let dataDir: string;
const password = randomBytes(12).toString("hex");

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "monitor-away-"));
  server = await startServer({ dataDir, password });
  await migrateEmbedded(server);
  await closeDatabase();
  // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
  process.env.DATABASE_URL = server.urlOf("monitor", "monitor");
  forgetEnv();
});

afterAll(async () => {
  await closeDatabase();
  await server.stop("immediate");
  await rm(dataDir, { recursive: true, force: true });
});

describe("a database that stops and starts under load", () => {
  test("makes requests fail with 503 within 2 s and loses no acknowledged write; then everything goes on by itself", async () => {
    const { accessToken } = await createPerson();
    const ask = async () => {
      const started = performance.now();
      const response = await listKeys(requestTo("/api/keys", { token: accessToken }), context());
      await response.text();
      return { status: response.status, ms: performance.now() - started };
    };
    const acknowledged: string[] = [];
    let isLoaded = true;
    const answers: { status: number; ms: number }[] = [];
    const readers = Array.from({ length: 20 }, async () => {
      while (isLoaded) answers.push(await ask());
    });
    const writer = (async () => {
      for (let number = 0; isLoaded; number++) {
        const name = `write ${number}`;
        await sql()`insert into settings (name, value) values (${name}, '') on conflict do nothing`.then(
          () => acknowledged.push(name),
          () => undefined,
        );
      }
    })();
    const until = async (isSo: () => boolean) => {
      while (!isSo()) await ask();
    };

    await until(() => answers.filter((one) => one.status === 200).length > 50);
    await server.stop("fast");
    const stopped = answers.length;
    await until(() => answers.slice(stopped).filter((one) => one.status === 503).length > 100);
    expect((await readiness(requestTo("/api/health/ready"), context())).status).toBe(503);
    server = await startServer({ dataDir, password, port: server.port });
    const started = answers.length;
    await until(() => answers.slice(started).filter((one) => one.status === 200).length > 50);
    isLoaded = false;
    await Promise.all([...readers, writer]);

    expect(new Set(answers.map((one) => one.status))).toEqual(new Set([200, 503]));
    expect(Math.max(...answers.map((one) => one.ms))).toBeLessThan(2000);
    const kept = await sql()<{ name: string }[]>`select name from settings where name like 'write %'`;
    const names = new Set(kept.map((row) => row.name));
    expect(acknowledged.length).toBeGreaterThan(10);
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
  }, 60_000);
});
