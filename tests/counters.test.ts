import { beforeEach, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { forgetEnv } from "@/lib/base/env";
import { isoDate } from "@/lib/base/time";
import { cleanUp } from "@/lib/jobs/clean-up";
import { type CounterReading, keepCounters } from "@/lib/sync/counters";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson, type Person } from "./support/world";

type Counters = CounterReading["after"];

/** Counters of a key in USD: its whole life, and the running day, week and month. */
const counters = (
  usage: string | null,
  daily: string | null,
  weekly: string | null,
  monthly: string | null,
): Counters => ({
  usage,
  usage_daily: daily,
  usage_weekly: weekly,
  usage_monthly: monthly,
  byok_usage: "0",
  byok_usage_daily: "0",
  byok_usage_weekly: "0",
  byok_usage_monthly: null,
});

let ann: Person;
let id: number;
beforeEach(async () => {
  ann = await createPerson();
  id = await plantKey(ann.viewer);
});

/** Days of usage by their cost. */
const spend = (days: Record<string, string>) =>
  plantUsage(
    ann.viewer,
    id,
    Object.entries(days).map(([hour, cost]) => ({ hour: `${hour}:00:00Z`, cost })),
  );

/** Keeps a reading of a key that is older than all history, read completely since the start of 2026. */
async function keep(now: string, after: Counters, before: Counters | undefined = after, ids = [id]) {
  const { offIds } = await keepCounters([{ id, before, after }], { ids, from: new Date("2026-01-01") }, new Date(now));
  const [row] = await sql()`select * from key_counters where api_key_id = ${id}`;
  if (!row) throw new Error("Nothing was kept");
  const number = (column: string) => (row[column] === null ? null : Number(row[column]));
  return {
    before: number("usage_before"),
    drift: number("drift"),
    drifts: [number("drift_daily"), number("drift_weekly"), number("drift_monthly")],
    booked: [number("booked_daily"), number("booked_weekly"), number("booked_monthly")],
    isOff: offIds.includes(id),
  };
}

describe("the periods of a reading", () => {
  test("are the UTC day, the week from its Monday and the calendar month, each without the hour before", async () => {
    await spend({
      "2026-03-29T23": "1",
      "2026-03-30T00": "2",
      "2026-03-31T23": "4",
      "2026-04-01T00": "8",
    });
    expect(await keep("2026-04-01T10:00:00Z", counters("15", "8", "14", "8"))).toMatchObject({
      booked: [8, 14, 8],
      drifts: [0, 0, 0],
      isOff: false,
    });
    expect(await keep("2026-04-05T23:50:00Z", counters("15", "0", "14", "8"))).toMatchObject({
      booked: [0, 14, 8],
      drifts: [0, 0, 0],
    });
    expect(await keep("2026-04-06T00:10:00Z", counters("15", "0", "0", "8"))).toMatchObject({
      booked: [0, 0, 8],
      drifts: [0, 0, 0],
    });
  });

  test("are not compared within two minutes of their change, and are again after it", async () => {
    await spend({ "2026-03-31T10": "4" });
    const old = counters("4", "4", "4", "4");
    expect((await keep("2026-03-31T23:59:30Z", old)).drifts).toEqual([null, 0, null]);
    expect((await keep("2026-04-01T00:00:00Z", old)).drifts).toEqual([null, 0, null]);
    await spend({ "2026-04-01T00": "1" });
    expect((await keep("2026-04-01T00:02:00Z", counters("5", "1", "5", "1"))).drifts).toEqual([0, 0, 0]);
  });

  test("are not compared when they began anew between the two readings", async () => {
    await spend({ "2026-03-31T10": "4" });
    const before = counters("4", "4", "4", "4");
    const after = counters("4.5", "0.5", "4.5", "0.5");
    expect((await keep("2026-03-31T23:50:00Z", after, before)).drifts).toEqual([null, 0, null]);
  });

  test("are compared only where OpenRouter reports them", async () => {
    await spend({ "2026-03-31T10": "4" });
    expect(await keep("2026-03-31T12:00:00Z", counters("4", null, null, "4"))).toMatchObject({
      drifts: [null, null, 0],
      drift: 0,
    });
    expect(await keep("2026-03-31T13:00:00Z", counters(null, null, null, null))).toMatchObject({
      drifts: [null, null, null],
      drift: null,
      isOff: false,
    });
  });
});

describe("a drift", () => {
  test("is what OpenRouter counted before the reading and we lack, or what we have and it never counted", async () => {
    await spend({ "2026-03-10T10": "5" });
    const now = "2026-03-10T12:00:00Z";
    const lacking = await keep(now, counters("108", "8", "8", "8"), counters("107", "7", "7", "7"));
    expect(lacking).toMatchObject({ drifts: [2, 2, 2], isOff: true });
    const surplus = await keep(now, counters("104", "4", "4", "4"), counters("103", "3", "3", "3"));
    expect(surplus).toMatchObject({ drifts: [-1, -1, -1], isOff: true });
    const between = await keep(now, counters("106", "6", "6", "6"), counters("104", "4", "4", "4"));
    expect(between).toMatchObject({ drifts: [0, 0, 0], isOff: false });
  });

  test("counts above a cent and a thousandth, in any one of the four comparisons", async () => {
    await spend({ "2026-03-02T10": "99.95", "2026-03-10T10": "5" });
    const now = "2026-03-10T12:00:00Z";
    expect((await keep(now, counters("104.95", "5.009", "5", "105.05"))).isOff).toBe(false);
    for (const off of [
      counters("104.95", "5.02", "5", "104.95"),
      counters("104.95", "5", "5.02", "104.95"),
      counters("104.95", "5", "5", "105.2"),
      counters("105.2", "5", "5", "104.95"),
    ]) {
      expect((await keep(now, off)).isOff).toBe(true);
    }
  });
});

describe("spend of before the history", () => {
  test("is set down when all periods agree, and what is lost afterwards is a drift", async () => {
    await spend({ "2026-03-10T10": "5" });
    expect(await keep("2026-03-10T12:00:00Z", counters("105", "5", "5", "5"))).toMatchObject({ before: 100, drift: 0 });
    expect(await keep("2026-05-10T12:00:00Z", counters("107", "0", "0", "0"))).toMatchObject({ before: 100, drift: 2 });
  });

  test("is nothing for a key that was made within it", async () => {
    await sql()`update api_keys set upstream_created_at = '2026-02-01' where id = ${id}`;
    await spend({ "2026-03-10T10": "5" });
    const kept = await keep("2026-05-10T12:00:00Z", counters("105", "0", "0", "0"));
    expect(kept).toMatchObject({ before: 0, drift: 100, isOff: true });
  });

  test("is not known while a period is off or the key was not read completely", async () => {
    await spend({ "2026-03-03T10": "5", "2026-03-10T10": "5" });
    const lost = await keep("2026-03-10T12:00:00Z", counters("120", "5", "5", "20"));
    expect(lost).toMatchObject({ before: null, drift: null, drifts: [0, 0, 10], isOff: true });
    expect(await keep("2026-03-10T13:00:00Z", counters("110", "5", "5", "10"), undefined, [])).toMatchObject({
      before: null,
    });
    await spend({ "2026-03-04T10": "10" });
    const found = await keep("2026-03-10T14:00:00Z", counters("120", "5", "5", "20"));
    expect(found).toMatchObject({ before: 100, drift: 0, isOff: false });
  });

  test("never takes in what a past month lacked", async () => {
    await spend({ "2026-02-10T10": "7", "2026-03-10T10": "5" });
    expect(await keep("2026-03-10T12:00:00Z", counters("120", "5", "5", "20"))).toMatchObject({ drifts: [0, 0, 15] });
    await spend({ "2026-03-20T10": "1", "2026-04-10T10": "2" });
    const later = counters("123", "2", "2", "2");
    const kept = await keep("2026-04-10T12:00:00Z", later);
    expect(kept).toMatchObject({ before: 93, drift: 15, drifts: [0, 0, 0], isOff: true });
    await spend({ "2026-03-05T10": "15" });
    expect(await keep("2026-04-10T13:00:00Z", later)).toMatchObject({ before: 93, drift: 0, isOff: false });
  });

  test("never takes in what a past week of the month before lacked", async () => {
    await spend({ "2026-04-01T10": "1" });
    expect(await keep("2026-04-01T12:00:00Z", counters("110", "1", "9", "1"))).toMatchObject({ drifts: [0, 8, 0] });
    expect(await keep("2026-04-06T12:00:00Z", counters("110", "0", "0", "1"))).toMatchObject({
      before: 101,
      drift: 8,
      isOff: true,
    });
  });

  test("grows by the usage that the retention deletes, so that nothing of it becomes a drift", async () => {
    const now = new Date();
    const old = isoDate(new Date(now.getTime() - 400 * 86_400_000));
    await plantUsage(ann.viewer, id, [{ hour: `${old}T10:00:00Z`, cost: "5" }]);
    const after = counters("25", "0", "0", "0");
    await keepCounters([{ id, after }], { ids: [id], from: new Date("2020-01-01") }, now);
    await cleanUp();
    await keepCounters([{ id, after }], { ids: [id], from: new Date("2020-01-01") }, now);
    const [row] = await sql()`select usage_before, booked_cost, drift from key_counters where api_key_id = ${id}`;
    expect([row?.usage_before, row?.booked_cost, row?.drift].map(Number)).toEqual([25, 0, 0]);
  });
});

describe("a source with less history", () => {
  test("compares a sampled key from the day of its first reading on", async () => {
    await sql()`update api_keys set measured_by = 'sample', synced_from = '2026-03-10T15:00:00Z' where id = ${id}`;
    await spend({ "2026-03-10T15": "5" });
    expect(await keep("2026-03-10T15:00:00Z", counters("105", "5", "9", "50"))).toMatchObject({
      booked: [5, null, null],
      drifts: [0, null, null],
      isOff: false,
    });
    await spend({ "2026-03-16T15": "1" });
    expect((await keep("2026-03-16T16:00:00Z", counters("106", "1", "1", "51"))).drifts).toEqual([0, 0, null]);
    await spend({ "2026-04-01T15": "1" });
    expect((await keep("2026-04-01T16:00:00Z", counters("109", "1", "1", "3"))).drifts).toEqual([0, 0, 2]);
  });

  test("compares a key that is read by /activity within its thirty completed days", async () => {
    await sql()`update api_keys set measured_by = 'activity' where id = ${id}`;
    await spend({ "2026-03-01T00": "5", "2026-03-31T00": "1" });
    expect((await keep("2026-03-31T12:00:00Z", counters("106", "1", "1", "8"))).drifts).toEqual([0, 0, 2]);
  });

  test("compares nothing that the retention has deleted", async () => {
    // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
    process.env.USAGE_STATS_RETENTION_DAYS = "5";
    forgetEnv();
    try {
      await spend({ "2026-03-12T10": "5" });
      expect((await keep("2026-03-12T12:00:00Z", counters("105", "5", "5", "50"))).drifts).toEqual([0, 0, null]);
    } finally {
      // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
      delete process.env.USAGE_STATS_RETENTION_DAYS;
      forgetEnv();
    }
  });
});

test("a deleted key must have what its last counters said, wherever its usage went since", async () => {
  const account = await plantKey(ann.viewer, "Account");
  const listed = await plantKey(ann.viewer, "Listed");
  await sql()`update api_keys set management_key_id = ${account} where id in (${id}, ${listed})`;
  await spend({ "2026-03-10T10": "10" });
  await keep("2026-03-10T12:00:00Z", counters("10", "10", "10", "10"));
  await sql()`update api_keys set status = 'deleted' where id = ${id}`;
  const readAnother = () =>
    keepCounters(
      [{ id: listed, after: counters("0", "0", "0", "0") }],
      { ids: [listed], from: new Date(0) },
      new Date(),
    );
  expect(await readAnother()).toEqual({ offIds: [] });
  await spend({ "2026-03-10T13": "3" });
  expect(await readAnother()).toEqual({ offIds: [] });
  await sql()`update usage_stats set api_key_id = ${listed} where api_key_id = ${id}`;
  expect((await readAnother()).offIds).toContain(id);
  const [row] = await sql()`select drift, drift_monthly from key_counters where api_key_id = ${id}`;
  expect([row?.drift, row?.drift_monthly].map(Number)).toEqual([10, 10]);
});
