import { expect, test } from "vitest";
import { sql } from "@/db/client";
import { deleteOldUsage } from "@/lib/jobs/delete-old-usage";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson } from "./support/world";

const KEPT_FROM = "2026-03-02";
const LAST_DELETED = "2026-03-01T23:59:59Z";
const FIRST_KEPT = "2026-03-02T00:00:00Z";

test("usage of every table is deleted before the day, and kept from its first moment on", async () => {
  const { viewer } = await createPerson();
  const key = await plantKey(viewer);
  await plantUsage(viewer, key, [{ hour: "2026-03-01T23:00:00Z" }, { hour: FIRST_KEPT }]);
  for (const moment of [LAST_DELETED, FIRST_KEPT]) {
    await sql()`insert into generations (team_id, api_key_id, generation_id, started_at) values (${viewer.teamId}, ${key}, ${moment}, ${moment})`;
    await sql()`insert into performance (team_id, api_key_id, granularity, bucket, figures) values (${viewer.teamId}, ${key}, 'hour', ${moment}, '{}')`;
    await sql()`insert into breakdown_days (team_id, api_key_id, date, dimension, cost)
      values (${viewer.teamId}, ${key}, ${moment.slice(0, 10)}, 'app', 1)`;
  }
  expect(await deleteOldUsage(KEPT_FROM)).toBe(1);
  const [left] = await sql()`select
    (select array_agg(hour at time zone 'UTC') from usage_hours where api_key_id = ${key})::text as hours,
    (select array_agg(date) from usage_stats where api_key_id = ${key})::text as days,
    (select array_agg(started_at at time zone 'UTC') from generations where api_key_id = ${key})::text as requests,
    (select array_agg(bucket at time zone 'UTC') from performance where api_key_id = ${key})::text as speed,
    (select array_agg(date) from breakdown_days where api_key_id = ${key})::text as parts`;
  const moment = '{"2026-03-02 00:00:00"}';
  expect(left).toEqual({ hours: moment, days: "{2026-03-02}", requests: moment, speed: moment, parts: "{2026-03-02}" });
});

test("more rows than one statement deletes are deleted all the same", async () => {
  const { viewer } = await createPerson();
  const key = await plantKey(viewer);
  await sql()`insert into generations (team_id, generation_id, started_at)
    select ${viewer.teamId}, n::text, ${LAST_DELETED}::timestamptz from generate_series(1, 20001) n`;
  await sql()`insert into performance (team_id, api_key_id, granularity, bucket, figures)
    select ${viewer.teamId}, ${key}, 'hour', ${LAST_DELETED}::timestamptz - n * interval '1 hour', '{}' from generate_series(1, 10001) n`;
  await deleteOldUsage(KEPT_FROM);
  const [left] = await sql()`select (select count(*) from generations where team_id = ${viewer.teamId}) as requests,
    (select count(*) from performance where team_id = ${viewer.teamId}) as speed`;
  expect(left).toEqual({ requests: 0, speed: 0 });
});

test("only teams of which something was deleted get a new version of their data", async () => {
  const [old, recent] = [await createPerson(), await createPerson()];
  await plantUsage(old.viewer, await plantKey(old.viewer), [{ hour: LAST_DELETED.replace("59:59", "00:00") }]);
  await plantUsage(recent.viewer, await plantKey(recent.viewer), [{ hour: FIRST_KEPT }]);
  const versions = async () =>
    Object.fromEntries(
      (await sql()<{ id: number; data_version: number }[]>`select id, data_version from teams`).map((team) => [
        team.id,
        team.data_version,
      ]),
    );
  const before = await versions();
  await deleteOldUsage(KEPT_FROM);
  const after = await versions();
  expect(after[old.viewer.teamId]).toBeGreaterThan(before[old.viewer.teamId] ?? 0);
  expect(after[recent.viewer.teamId]).toBe(before[recent.viewer.teamId]);
});
