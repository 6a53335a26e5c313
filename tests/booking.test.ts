import { expect, test } from "vitest";
import { sql } from "@/db/client";
import { copyIn } from "@/db/copy-in";
import { NOT_REPORTED } from "@/lib/usage/measures";
import { bookUsage, type UsageRow } from "@/lib/usage/write/ingest-usage";
import { plantKey } from "./support/usage";
import { createPerson } from "./support/world";

const HOUR = new Date("2026-03-29T01:00:00Z");
const END = new Date("2026-03-29T02:00:00Z");

const row = (apiKeyId: number, given: Partial<UsageRow>): UsageRow => ({
  apiKeyId,
  hour: HOUR,
  model: "openai/gpt-5",
  provider: "OpenAI",
  ...NOT_REPORTED,
  cost: "0",
  ...given,
});

const book = (teamId: number, apiKeyIds: number[], rows: UsageRow[], isComplete = true) =>
  bookUsage({ teamId, apiKeyIds, start: HOUR, end: END, granularity: "hour", source: "analytics", rows, isComplete });

const hoursOf = (keyId: number) =>
  sql()`select model, provider, requests, tokens_input, tokens_cached, cost, byok_cost from usage_hours where api_key_id = ${keyId}
    order by model, provider`;
const daysOf = (keyId: number) =>
  sql()`select model, provider, requests, tokens_input, tokens_cached, cost, byok_cost from usage_stats where api_key_id = ${keyId}
    order by model, provider`;
const rowVersions = (keyId: number) =>
  sql()`select model, ctid::text, xmin::text from usage_hours where api_key_id = ${keyId} order by model`;

test("a window that was empty holds the same as one that was not, to the last digit and odd character", async () => {
  const { viewer } = await createPerson();
  const [first, second] = [await plantKey(viewer, "First"), await plantKey(viewer, "Second")];
  const told = (key: number) => [
    row(key, { model: "tab\tnew\nline\\N", provider: null, cost: "0.000000000000000000000123456789" }),
    row(key, { model: null, provider: "", cost: "12345678901234567890.5", requests: 2 ** 53 - 1, byokCost: "1e-7" }),
    row(key, { cost: "0.10", requests: 0, tokensInput: 7, tokensCached: 3 }),
  ];
  expect(await book(viewer.teamId, [first], told(first))).toBe(3);
  await book(viewer.teamId, [second], [row(second, { model: "another", cost: "1" })]);
  expect(await book(viewer.teamId, [second], told(second))).toBe(4);

  const hours = await hoursOf(first);
  expect(hours.map(({ cost }) => cost)).toEqual(["0.10", "0.000000000000000000000123456789", "12345678901234567890.5"]);
  expect([...(await hoursOf(second))]).toEqual([...hours]);
  expect([...(await daysOf(first))]).toEqual([...hours]);
  expect([...(await daysOf(second))]).toEqual([...hours]);
});

test("lines of one identity are added up, whether the window was empty or not", async () => {
  const { viewer } = await createPerson();
  const key = await plantKey(viewer);
  const endpoints = [row(key, { cost: "0.1", requests: 1 }), row(key, { cost: "0.2", requests: 2 })];
  for (const changed of [1, 0]) {
    expect(await book(viewer.teamId, [key], endpoints)).toBe(changed);
    expect(await hoursOf(key)).toMatchObject([{ cost: "0.3", requests: 3 }]);
  }
  // Two halves of characters are one and the same when they arrive.
  const halves = ["odd \ud800", "odd \ud801"].map((model) => row(key, { model, cost: "0.5" }));
  await book(viewer.teamId, [key], []);
  await book(viewer.teamId, [key], halves);
  expect(await hoursOf(key)).toMatchObject([{ model: "odd \ufffd", cost: "1.0" }]);
});

test("rows that stay as they were are not touched, and a window that is told to be empty becomes so", async () => {
  const { viewer } = await createPerson();
  const key = await plantKey(viewer);
  const [one, other] = [row(key, { model: "one", cost: "1" }), row(key, { model: "other", cost: "1" })];
  await book(viewer.teamId, [key], [one, other]);
  const [before] = await rowVersions(key);
  expect(await book(viewer.teamId, [key], [one, { ...other, cost: "2" }])).toBe(1);
  expect((await rowVersions(key))[0]).toEqual(before);
  expect(await book(viewer.teamId, [key], [], false)).toBe(0);
  expect(await book(viewer.teamId, [key], [])).toBe(2);
  expect(await daysOf(key)).toHaveLength(0);
  expect(await book(viewer.teamId, [key], [])).toBe(0);
});

test("usage of another team's key is refused in an empty window too", async () => {
  const [{ viewer: ann }, { viewer: bob }] = [await createPerson(), await createPerson()];
  const key = await plantKey(bob);
  await expect(book(ann.teamId, [key], [row(key, { cost: "1" })])).rejects.toMatchObject({ code: "23503" });
  expect(await hoursOf(key)).toHaveLength(0);
});

test("a COPY whose rows break off writes nothing, and the connection serves on", async () => {
  const { viewer } = await createPerson();
  const key = await plantKey(viewer);
  function* broken(): Generator<string> {
    yield `${viewer.teamId}\t${key}\t${HOUR.toISOString()}\tanalytics\t1\n`;
    throw new Error("the rows broke off");
  }
  const connection = await sql().reserve();
  try {
    const statement = connection`copy usage_hours (team_id, api_key_id, hour, source, cost) from stdin`;
    await expect(copyIn(statement, broken())).rejects.toThrow("the rows broke off");
    expect(await connection`select 1 as here`).toMatchObject([{ here: 1 }]);
  } finally {
    connection.release();
  }
  expect(await hoursOf(key)).toHaveLength(0);
});

/** The median of many, in ms. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 15; round++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times.sort((one, other) => one - other)[7] ?? 0;
}

test("a short COPY and the statement after it wait for nothing but the server", async () => {
  const connection = await sql().reserve();
  try {
    await connection`create temporary table short (number int)`;
    const inserted = await timeOf(async () => {
      await connection`insert into short values (1)`;
      await connection`select 1`;
    });
    const copied = await timeOf(async () => {
      await copyIn(connection`copy short from stdin`, ["1\n"]);
      await connection`select 1`;
    });
    // An acknowledgement that is waited for takes some 40 ms, a statement less than one.
    expect(copied / inserted).toBeLessThan(15);
  } finally {
    connection.release();
  }
});
