import fc from "fast-check";
import { expect, test } from "vitest";
import { sql } from "@/db/client";
import { addMoney } from "@/lib/money";
import { isoDateIn, shiftDate } from "@/lib/time";
import { bookUsage, type UsageRow } from "@/lib/usage/book";
import { NOT_REPORTED } from "@/lib/usage/measures";
import { readTimeseries } from "@/lib/usage/timeseries";
import { createPerson } from "./support/world";

/** Zones that change their clocks by an hour, by half an hour, not at all, and lie half or three quarters of an hour beside the full one. */
const ZONES = ["Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC"];
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

const EMPTY = {
  ...NOT_REPORTED,
  model: "openai/gpt-4.1",
  provider: "OpenAI",
  requests: 1,
  tokensInput: 1,
  tokensOutput: 1,
};
