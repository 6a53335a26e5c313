import fc from "fast-check";
import { expect, test } from "vitest";
import { sql } from "@/db/client";
import { isKnownTimezone, requireTimezone } from "@/db/timezone";
import { addMoney } from "@/lib/base/money";
import { isoDateIn, shiftDate, Timezone } from "@/lib/base/time";
import { NOT_REPORTED } from "@/lib/usage/measures";
import { selectedPeriod } from "@/lib/usage/period";
import { hourBuckets } from "@/lib/usage/read/buckets";
import { readTimeseries } from "@/lib/usage/read/read-timeseries";
import { usageRows } from "@/lib/usage/read/rows";
import { bookUsage, type UsageRow } from "@/lib/usage/write/ingest-usage";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson } from "./support/world";

/** Zones that change their clocks by an hour, by half an hour, at midnight, not at all, and lie half or three quarters of an hour beside the full one. */
const ZONES = [
  "Europe/Rome",
  "America/New_York",
  "Australia/Lord_Howe",
  "America/Havana",
  "Atlantic/Azores",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "UTC",
];
/** Days on which clocks change somewhere. */
const CHANGES = ["2025-03-09", "2025-03-30", "2025-04-06", "2025-10-05", "2025-10-26", "2025-11-02"];

const lines = fc.array(
  fc.record({ hour: fc.integer({ min: -48, max: 96 }), units: fc.integer({ min: 1, max: 1_000_000_000 }) }),
  {
    minLength: 1,
    maxLength: 60,
  },
);

test("a day in somebody's timezone holds exactly the hours of that day, however long it is", async () => {
  const { viewer } = await createPerson();
  const [key] = await sql()<{ id: number }[]>`
    insert into api_keys (team_id, name, kind, hash, ciphertext) values (${viewer.teamId}, 'clock', 'inference', 'clock', 'x') returning id`;
  const apiKeyId = key?.id ?? 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...ZONES), fc.constantFrom(...CHANGES), lines, async (timezone, date, spent) => {
      const midnight = Date.parse(`${date}T00:00:00Z`);
      const rows = spent.map(({ hour, units }): UsageRow => {
        const cost = (units / 1e9).toFixed(9);
        return { ...EMPTY, apiKeyId, hour: new Date(midnight + hour * 3_600_000), cost };
      });
      // The whole year, so that nothing is left of the run before.
      const window = { start: new Date("2025-01-01T00:00:00Z"), end: new Date("2026-01-01T00:00:00Z") };
      await bookUsage({
        teamId: viewer.teamId,
        apiKeyIds: [apiKeyId],
        ...window,
        granularity: "hour",
        source: "analytics",
        rows,
        isComplete: true,
      });

      const expected = new Map<string, string>();
      for (const row of rows) {
        const day = isoDateIn(row.hour, timezone);
        expected.set(day, addMoney(expected.get(day) ?? "0", row.cost));
      }
      const query = { start_date: shiftDate(date, -4), end_date: shiftDate(date, 5), timezone };
      const { series } = await readTimeseries(viewer, {
        ...query,
        metric: "cost",
        group_by: "none",
        interval: "day",
        top: 1,
      });
      const points = series[0]?.points.filter((point) => Number(point.value) > 0) ?? [];
      expect(Object.fromEntries(points.map((point) => [point.date, point.value]))).toEqual(
        Object.fromEntries([...expected].map(([day, cost]) => [day, Number(cost)])),
      );
    }),
    { numRuns: 60 },
  );
}, 60_000);

test("a period in any timezone has as many hours as its days hold", async () => {
  const { viewer } = await createPerson();
  const apiKeyId = await plantKey(viewer);
  // One dollar an hour while clocks change in America, Europe and Australia.
  const first = Date.parse("2025-03-07T00:00:00Z");
  const hours = Array.from({ length: 33 * 24 }, (_, index) => new Date(first + index * 3_600_000).toISOString());
  await plantUsage(
    viewer,
    apiKeyId,
    hours.map((hour) => ({ hour, cost: "1" })),
  );
  for (const timezone of Intl.supportedValuesOf("timeZone")) {
    const period = selectedPeriod({ start_date: "2025-03-09", end_date: "2025-04-06", timezone });
    const [row] = await sql()<{ hours: number; cost: string; longest: string }[]>`
      with days as (select day, sum(cost) as cost from (${usageRows(viewer, period, {})}) used group by day)
      select cardinality(${hourBuckets(period)}) as hours, sum(cost) as cost, max(abs(cost - 24)) as longest from days`;
    expect([timezone, row?.hours, Number(row?.longest) <= 2]).toEqual([timezone, Number(row?.cost), true]);
  }
}, 60_000);

test("timezones are IANA names that the database knows too", async () => {
  const names = Intl.supportedValuesOf("timeZone");
  const known = new Set((await sql()<{ name: string }[]>`select name from pg_timezone_names`).map(({ name }) => name));
  expect(names.filter((name) => Timezone.safeParse(name).success && !known.has(name))).toEqual([]);
  expect(names.filter((name) => !Timezone.safeParse(name).success)).toEqual([]);
  for (const name of ["UTC", "Etc/UTC", "Asia/Calcutta", "Asia/Kolkata", "Etc/GMT+5", "US/Eastern"]) {
    expect([name, Timezone.safeParse(name).success, await isKnownTimezone(name)]).toEqual([name, true, true]);
  }
  const abbreviations = await sql()<{ abbrev: string }[]>`select abbrev from pg_timezone_abbrevs where abbrev <> 'UTC'`;
  for (const name of [
    ...abbreviations.map(({ abbrev }) => abbrev),
    "EST5EDT",
    "Factory",
    "Mars/Olympus",
    "posixrules",
  ]) {
    expect([name, Timezone.safeParse(name).success]).toEqual([name, false]);
  }
  expect(await isKnownTimezone("Mars/Olympus")).toBe(false);
  await expect(requireTimezone("Mars/Olympus")).rejects.toMatchObject({ code: "unprocessable" });
});

const EMPTY = {
  ...NOT_REPORTED,
  model: "openai/gpt-4.1",
  provider: "OpenAI",
  requests: 1,
  tokensInput: 1,
  tokensOutput: 1,
};
