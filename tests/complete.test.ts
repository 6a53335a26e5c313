import { beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import { readGaps } from "@/lib/reconciliation/gaps";
import { call } from "./support/api";
import { tokenOf } from "./support/tokens";
import { plantKey } from "./support/usage";
import { createPerson, type Person } from "./support/world";

let ann: Person;
let account: number;
let key: number;
let other: number;
let token: string;

beforeEach(async () => {
  ann = await createPerson();
  token = await tokenOf(ann);
  account = await plantKey(ann.viewer, "Account");
  key = await plantKey(ann.viewer, "Key");
  other = await plantKey(ann.viewer, "Other");
  await sql()`update api_keys set kind = 'management' where id = ${account}`;
  await sql()`update api_keys set management_key_id = ${account} where id = ${key}`;
  for (const id of [account, key, other]) await finishRun(id, null);
});

/** A finished run of a key; `detail` says what was wrong with it. */
async function finishRun(id: number, detail: string | null, status = "succeeded"): Promise<void> {
  const [run] = await sql()<{ id: number }[]>`
    insert into sync_runs (team_id, trigger, status) values (${ann.viewer.teamId}, 'schedule', 'running') returning id`;
  await sql()`insert into sync_run_keys (run_id, api_key_id, status, detail) values (${run?.id ?? 0}, ${id}, ${status}, ${detail})`;
  await sql()`update sync_runs set status = ${detail ? "partial" : "succeeded"}, finished_at = now() where id = ${run?.id ?? 0}`;
}

const stats = async (query = "", etag = "") =>
  call("GET", `/api/v1/stats${query}`, { token, headers: { "if-none-match": etag } });

/** Whether everything, and a selection of one key, is complete; and which keys are by the list of keys. */
async function told() {
  const complete = async (query?: string) => (await stats(query)).json().complete;
  const { items } = (await call("GET", "/api/v1/keys", { token })).json() as {
    items: { name: string; complete: boolean }[];
  };
  return {
    all: await complete(),
    key: await complete(`?api_key_id=${key}`),
    other: await complete(`?api_key_id=${other}`),
    listed: items.filter((item) => !item.complete).map((item) => item.name),
    reasons: (await readGaps(ann.viewer)).map(({ api_key_name: name, reason }) => `${name}: ${reason}`),
  };
}

const WELL = { all: true, key: true, other: true, listed: [], reasons: [] };

const counters = (id: number, drift: string) => sql()`
  insert into key_counters (api_key_id, read_at, usage, usage_monthly, drift_monthly) values (${id}, now(), 10, 10, ${drift})
  on conflict (api_key_id) do update set drift_monthly = excluded.drift_monthly`;

test("figures are complete where every key was read well, and the dashboard says the same", async () => {
  expect(await told()).toEqual(WELL);
  const dashboard = await call("GET", "/api/stats/dashboard", { token: ann.accessToken });
  expect(dashboard.json().complete).toBe(true);
});

test("a key that is off, failed, partly read, measured by the fall-back or never read makes its selection incomplete", async () => {
  const off = { all: false, key: false, other: true, listed: ["Key"] };
  await counters(key, "0.02");
  expect(await told()).toEqual({ ...off, reasons: ["Key: off"] });
  await counters(key, "0.01");
  expect(await told()).toEqual(WELL);
  const cases: [string, Record<string, string | null>][] = [
    ["unread", { last_synced_at: null }],
    ["failed", { last_sync_error: "OpenRouter could not be reached" }],
    ["fallback", { measured_by: "activity" }],
  ];
  for (const [reason, changes] of cases) {
    const [before] = await sql()`select last_synced_at, last_sync_error, measured_by from api_keys where id = ${key}`;
    await sql()`update api_keys set ${sql()(changes)} where id = ${key}`;
    expect(await told()).toEqual({ ...off, reasons: [`Key: ${reason}`] });
    await sql()`update api_keys set ${sql()(before as Record<string, string | null>)} where id = ${key}`;
    expect(await told()).toEqual(WELL);
  }
  await finishRun(key, "3 rows of OpenRouter's answer could not be read");
  expect(await told()).toEqual({ ...off, reasons: ["Key: partial"] });
  await finishRun(key, null);
  expect(await told()).toEqual(WELL);
});

test("what is wrong with an account is wrong with each of its keys", async () => {
  await finishRun(account, "3 rows of OpenRouter's answer could not be read");
  expect(await told()).toEqual({
    all: false,
    key: false,
    other: true,
    listed: ["Key", "Account"],
    reasons: ["Account: partial"],
  });
});

test("a further management key of an account, a key that is not watched and one that is gone are waited for by nobody", async () => {
  const further = await plantKey(ann.viewer, "Further");
  await sql()`
    update api_keys set kind = 'management', management_key_id = ${account}, last_synced_at = null where id = ${further}`;
  const idle = await plantKey(ann.viewer, "Idle");
  await sql()`update api_keys set is_active = false, last_sync_error = 'Refused' where id = ${idle}`;
  const gone = await plantKey(ann.viewer, "Gone");
  await sql()`update api_keys set status = 'deleted', last_synced_at = null where id = ${gone}`;
  expect(await told()).toMatchObject({ all: true, listed: ["Idle"], reasons: [] });
  expect((await stats(`?api_key_id=${idle}`)).json().complete).toBe(false);
});

test("an answer that is kept is told anew when its completeness changes, and only then", async () => {
  let etag = (await stats()).headers.get("etag") ?? "";
  const changes: [() => PromiseLike<unknown>, boolean][] = [
    [() => counters(key, "5"), false],
    [() => counters(key, "0"), true],
    [() => finishRun(other, "Refused", "failed"), false],
    [() => finishRun(other, null), true],
    [() => sql()`update api_keys set last_sync_error = 'Refused' where id = ${key}`, false],
    [() => sql()`update api_keys set last_sync_error = null where id = ${key}`, true],
    [() => sql()`update api_keys set measured_by = 'activity' where id = ${key}`, false],
    [() => sql()`update api_keys set measured_by = 'analytics' where id = ${key}`, true],
  ];
  for (const [change, isComplete] of changes) {
    expect((await stats("", etag)).status).toBe(304);
    await change();
    const fresh = await stats("", etag);
    expect([fresh.status, fresh.json().complete]).toEqual([200, isComplete]);
    etag = fresh.headers.get("etag") ?? "";
  }
});

test("Bob's keys say nothing about Ann's figures", async () => {
  const bob = await createPerson();
  const his = await plantKey(bob.viewer, "Bob's");
  await counters(his, "5");
  expect(await told()).toEqual(WELL);
  expect(await readGaps(ann.viewer, { api_key_id: his })).toEqual([]);
  expect(await readGaps(bob.viewer)).toMatchObject([{ api_key_name: "Bob's", period: "month", drift: 5 }]);
});
