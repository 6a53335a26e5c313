import { afterEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import { forgetTurns, pauseTurns, REQUESTS_PER_MINUTE, takeTurn } from "@/lib/openrouter/pace";

afterEach(forgetTurns);

/** Whether a turn can be had at once. */
const isFree = (name: string) =>
  takeTurn(name, AbortSignal.timeout(200)).then(
    () => true,
    () => false,
  );

const turns = (count: number, name = "account") => Promise.all(Array.from({ length: count }, () => takeTurn(name)));

/** What the database's clock does in so many seconds. */
const passTime = (seconds: number) => sql()`update leases set until = until - make_interval(secs => ${seconds})`;

test("an account has 64 turns in any minute, however many ask at once, and others have their own", async () => {
  await turns(REQUESTS_PER_MINUTE - 1);
  expect(await isFree("account")).toBe(true);
  expect(await isFree("account")).toBe(false);
  expect(await isFree("another")).toBe(true);
  await passTime(30);
  expect(await isFree("account")).toBe(false);
  await passTime(30);
  await turns(REQUESTS_PER_MINUTE);
  expect(await isFree("account")).toBe(false);
});

test("whoever waits goes on when the first turn is a minute old", async () => {
  await turns(REQUESTS_PER_MINUTE);
  await passTime(59.8);
  await takeTurn("account");
});

test("a Retry-After holds everybody back who asks for that account, and is told rather than waited for when it is long", async () => {
  await pauseTurns("account", 300_000);
  await expect(takeTurn("account")).rejects.toMatchObject({
    reason: "rate_limited",
    isPassing: true,
    message: "OpenRouter asked us to slow down; this account is left alone until then",
  });
  expect(await isFree("another")).toBe(true);
  await passTime(300);
  expect(await isFree("account")).toBe(true);
});

test("a turn taken by a clock that was years ahead stands in nobody's way", async () => {
  await turns(REQUESTS_PER_MINUTE);
  await sql()`update leases set until = until + interval '3 years'`;
  expect(await isFree("account")).toBe(true);
  await sql()`update leases set until = until + interval '3 years'`;
  await pauseTurns("account", 120_000);
  await expect(takeTurn("account")).rejects.toThrow("slow down");
  await passTime(120);
  expect(await isFree("account")).toBe(true);
});
