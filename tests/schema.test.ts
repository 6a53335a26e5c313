import { expect, test } from "vitest";
import { sql } from "@/db/client";
import { createPerson } from "./support/world";

const HOUR = "2026-03-29T01:00:00Z";

async function createKeyOf(teamId: number): Promise<number> {
  const [key] = await sql()<{ id: number }[]>`
    insert into api_keys (team_id, name, kind, ciphertext, hash) values (${teamId}, 'key', 'inference', 'sealed', gen_random_uuid()::text) returning id`;
  return key?.id ?? 0;
}

const writeHour = (teamId: number, keyId: number) => sql()`
  insert into usage_hours (team_id, api_key_id, hour, source, cost) values (${teamId}, ${keyId}, ${HOUR}, 'sample', 1)`;
const writeDay = (teamId: number, keyId: number) => sql()`
  insert into usage_stats (team_id, api_key_id, date, cost) values (${teamId}, ${keyId}, '2026-03-29', 1)`;

const countOf = async (keyId: number) =>
  (
    await sql()<{ hours: number; days: number }[]>`
      select (select count(*) from usage_hours where api_key_id = ${keyId}) as hours,
        (select count(*) from usage_stats where api_key_id = ${keyId}) as days`
  )[0];

test("whatever has a team goes with the team, but for the audit log", async () => {
  const tables = await sql()<{ name: string; goes: boolean }[]>`
    select c.relname as name, exists (select from pg_constraint f
      where f.contype = 'f' and f.conrelid = c.oid and f.confrelid = 'teams'::regclass and f.confdeltype = 'c') as goes
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'team_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`;
  expect(tables.length).toBeGreaterThan(8);
  // Usage goes with its key, which goes with the team: below.
  expect(tables.filter(({ goes }) => !goes).map(({ name }) => name)).toEqual([
    "audit_events",
    "usage_hours",
    "usage_stats",
  ]);
});

test("usage goes with its key, and nobody else's does", async () => {
  const { viewer } = await createPerson();
  const [gone, stays] = [await createKeyOf(viewer.teamId), await createKeyOf(viewer.teamId)];
  for (const id of [gone, stays]) await Promise.all([writeHour(viewer.teamId, id), writeDay(viewer.teamId, id)]);
  await sql()`delete from api_keys where id = ${gone}`;
  expect(await countOf(gone)).toEqual({ hours: 0, days: 0 });
  expect(await countOf(stays)).toEqual({ hours: 1, days: 1 });
  await sql()`delete from teams where id = ${viewer.teamId}`;
  expect(await countOf(stays)).toEqual({ hours: 0, days: 0 });
});

test("usage of no key, or under another team's name, is refused", async () => {
  const [{ viewer: ann }, { viewer: bob }] = [await createPerson(), await createPerson()];
  const key = await createKeyOf(ann.teamId);
  const refused = { code: "23503" };
  for (const write of [writeHour, writeDay]) {
    await expect(write(bob.teamId, key)).rejects.toMatchObject(refused);
    await expect(write(ann.teamId, 2 ** 31 - 1)).rejects.toMatchObject(refused);
  }
  expect(await countOf(key)).toEqual({ hours: 0, days: 0 });
});

test("usage that is written while its key is deleted goes too, or is refused", async () => {
  const { viewer } = await createPerson();
  for (let round = 0; round < 20; round++) {
    const key = await createKeyOf(viewer.teamId);
    await Promise.allSettled([
      writeHour(viewer.teamId, key),
      sql()`delete from api_keys where id = ${key}`,
      writeDay(viewer.teamId, key),
    ]);
    expect(await countOf(key)).toEqual({ hours: 0, days: 0 });
  }
});
