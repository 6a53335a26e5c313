import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { Secret, TOTP } from "otpauth";
import postgres from "postgres";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { sql } from "@/db/client";
import { env, forgetEnv } from "@/lib/base/env";
import { openKey, sealKey } from "@/lib/credentials/secret";
import { checkCanary } from "@/lib/keys/encryption-canary";
import { rotateKeys } from "@/lib/keys/rotate";
import { login } from "@/lib/sign-in/login";
import { beginTwoFactor, enableTwoFactor } from "@/lib/users/two-factor";
import { plantKey } from "./support/usage";
import { createPerson, type Person } from "./support/world";

const OLD = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const NEW = "ab".repeat(32);
const KEYS = 120;
const root = path.join(import.meta.dirname, "..");
const secretOf = (id: number) => `sk-or-v1-${String(id).padStart(64, "0")}`;

let ann: Person;
let totp: TOTP;
const ids: number[] = [];

function withKeys(ENCRYPTION_KEY: string, ENCRYPTION_KEYS_OLD: string) {
  vi.stubEnv("ENCRYPTION_KEY", ENCRYPTION_KEY);
  vi.stubEnv("ENCRYPTION_KEYS_OLD", ENCRYPTION_KEYS_OLD);
  forgetEnv();
}

/** `npm run keys:rotate` in a process of its own, with the keys of the moment. */
function startCommand() {
  // biome-ignore lint/style/noProcessEnv: a program needs the machine's own environment
  const inherited = process.env;
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "--conditions=react-server", path.join(root, "scripts/keys-rotate.ts")],
    { cwd: root, env: { ...inherited, DATABASE_URL: env().DATABASE_URL }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let told = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (told += text));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, told }));
  return { child, ended };
}

const countOf = async (prefix: string): Promise<number> => {
  const [row] = await sql()<{ count: number }[]>`
    select count(*) as count from api_keys where ciphertext like ${`${prefix}%`}`;
  return row?.count ?? 0;
};
const prefixOf = async (key: string, old: string): Promise<string> => {
  withKeys(key, old);
  return sealKey(1, "x").split(".").slice(0, 2).join(".");
};

/** Every key opens, whichever of the configured keys it was sealed with, and still does not open in another row. */
async function expectAllReadable(): Promise<void> {
  const rows = await sql()<{ id: number; ciphertext: string }[]>`select id, ciphertext from api_keys order by id`;
  expect(rows.map(({ id, ciphertext }) => openKey(id, ciphertext))).toEqual(ids.map(secretOf));
  expect(() => openKey(ids[0] ?? 0, rows[1]?.ciphertext ?? "")).toThrow();
}

beforeAll(async () => {
  ann = await createPerson();
  for (let count = 0; count < KEYS; count++) {
    const id = await plantKey(ann.viewer, `Key ${count}`);
    await sql()`update api_keys set ciphertext = ${sealKey(id, secretOf(id))} where id = ${id}`;
    ids.push(id);
  }
  const { secret } = await beginTwoFactor(ann.viewer, { password: ann.password });
  totp = new TOTP({ secret: Secret.fromBase32(secret) });
  await enableTwoFactor(ann.viewer, { code: totp.generate({ timestamp: Date.now() - 30_000 }) });
  await checkCanary();
});

afterEach(() => {
  vi.unstubAllEnvs();
  forgetEnv();
});

describe("Rotation of the encryption key", () => {
  it("survives being killed half-way: everything stays readable, and the old key is still asked for", async () => {
    const fresh = await prefixOf(NEW, OLD);
    const holder = postgres(env().DATABASE_URL, { max: 1 });
    await holder`begin`;
    await holder`select 1 from api_keys where id = ${ids.at(-1) ?? 0} for update`;
    const { child, ended } = startCommand();
    await vi.waitFor(async () => expect(await countOf(fresh)).toBeGreaterThan(0), { timeout: 60_000, interval: 50 });
    child.kill("SIGKILL");
    expect((await ended).code).toBeNull();
    await holder`rollback`;
    await holder.end();
    const renewed = await countOf(fresh);
    expect(renewed).toBeGreaterThan(0);
    expect(renewed).toBeLessThan(KEYS);
    await expectAllReadable();
    withKeys(NEW, "");
    await expect(checkCanary()).rejects.toThrow("ENCRYPTION_KEY is not the one");
  }, 90_000);

  it("goes on where it was, says so, and leaves nothing under the old key anywhere in the database", async () => {
    const stale = await prefixOf(OLD, "");
    withKeys(NEW, OLD);
    const { code, told } = await startCommand().ended;
    expect({ code, told }).toEqual({
      code: 0,
      told: expect.stringMatching(/^\d+ secrets renewed; ENCRYPTION_KEYS_OLD is needed no longer\n$/),
    });
    expect(Number.parseInt(told, 10)).toBeLessThan(KEYS + 1);
    expect(await placesOf(stale)).toEqual([]);
    expect(await rotateKeys()).toEqual({ renewed: 0, unreadable: [] });
  }, 90_000);

  it("is over then: the new key alone opens keys and second factors, and the application starts with it", async () => {
    withKeys(NEW, "");
    await checkCanary();
    await expectAllReadable();
    const code = totp.generate({ timestamp: Date.now() + 30_000 });
    const device = { ip: "192.0.2.8", userAgent: null };
    await login(device, { email: ann.email, password: ann.password, code }, { kind: "api", hours: 1 });
  });

  it("names what no key opens, renews the rest, and keeps asking for the missing key", async () => {
    withKeys(NEW, "");
    const lost = await plantKey(ann.viewer, "Lost");
    withKeys(OLD, NEW);
    const { renewed, unreadable } = await rotateKeys();
    expect({ renewed, unreadable }).toEqual({ renewed: KEYS + 1, unreadable: [`api_keys.${lost}.ciphertext`] });
    withKeys(OLD, "");
    await expect(checkCanary()).rejects.toThrow("ENCRYPTION_KEY is not the one");
  });
});

/** Columns of any table that hold a text beginning so. */
async function placesOf(prefix: string): Promise<string[]> {
  const columns = await sql()<{ table_name: string; column_name: string }[]>`
    select table_name, column_name from information_schema.columns
    where table_schema = 'public' and data_type in ('text', 'jsonb')`;
  const found: string[] = [];
  for (const { table_name, column_name } of columns) {
    const rows = await sql()`
      select 1 from ${sql()(table_name)} where ${sql()(column_name)}::text like ${`%${prefix}.%`} limit 1`;
    if (rows.length > 0) found.push(`${table_name}.${column_name}`);
  }
  return found;
}
