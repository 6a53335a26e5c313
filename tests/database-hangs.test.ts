import { afterAll, beforeAll, expect, test } from "vitest";
import { POST as signIn } from "@/app/api/auth/login/route";
import { GET as readiness } from "@/app/api/health/ready/route";
import { GET as listKeys } from "@/app/api/keys/route";
import { closeDatabase, db, sql } from "@/db/client";
import { users } from "@/db/schema/users";
import { forgetEnv } from "@/lib/base/env";
import { startStallingProxy } from "./support/stalling-proxy";
import { context, createPerson, PASSWORD, requestTo } from "./support/world";

let proxy: Awaited<ReturnType<typeof startStallingProxy>>;

beforeAll(async () => {
  await closeDatabase();
  // biome-ignore-start lint/style/noProcessEnv: this is where the tests' environment is made
  const address = new URL(process.env.DATABASE_URL ?? "");
  proxy = await startStallingProxy(Number(address.port));
  address.port = String(proxy.port);
  process.env.DATABASE_URL = address.toString();
  // biome-ignore-end lint/style/noProcessEnv: this is where the tests' environment is made
  forgetEnv();
});

afterAll(async () => {
  await closeDatabase();
  await proxy.close();
});

async function timed(answer: Promise<Response>) {
  const started = performance.now();
  const response = await answer;
  return { status: response.status, text: await response.text(), ms: performance.now() - started };
}

test("a database that accepts connections and never answers makes requests fail with 503 within 2 s, and recovers by itself", async () => {
  const { accessToken, email } = await createPerson();
  const ask = () => timed(listKeys(requestTo("/api/keys", { token: accessToken }), context()));
  const login = () => timed(signIn(requestTo("/api/auth/login", { body: { email, password: PASSWORD } }), context()));
  expect((await ask()).status).toBe(200);
  expect((await login()).status).toBe(200);

  proxy.stall();
  const slowest: number[] = [];
  // Open connections first; then new ones, of which more are wanted than the pool has.
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all([...Array.from({ length: 30 }, ask), login()]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect(answers[0]?.text).toContain("The database cannot be reached right now");
    slowest.push(Math.max(...answers.map(({ ms }) => ms)));
  }
  expect(Math.max(...slowest)).toBeLessThan(2000);
  expect((await readiness(requestTo("/api/health/ready"), context())).status).toBe(503);
  await expect(sql().begin((transaction) => transaction`select 1`)).rejects.toThrow();
  await expect(db().select().from(users)).rejects.toThrow();

  proxy.recover();
  const again = await Promise.all(Array.from({ length: 30 }, ask));
  expect(new Set(again.map(({ status }) => status))).toEqual(new Set([200]));
}, 30_000);

test("a statement that is slow, or waits for a lock, is left to end", async () => {
  const [slow, locked] = await Promise.all([
    sql()`select pg_sleep(1.9), 'slow' as answer`,
    sql().begin(async (transaction) => {
      await transaction`select pg_sleep(0.6)`;
      return transaction`select pg_sleep(1.3), 'locked' as answer`;
    }),
  ]);
  expect([slow[0]?.answer, locked[0]?.answer]).toEqual(["slow", "locked"]);
});
