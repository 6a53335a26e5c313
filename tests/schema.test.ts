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
  // Usage goes with its key, which goes with the team, and requests go with either: below.
  expect(tables.filter(({ goes }) => !goes).map(({ name }) => name)).toEqual([
    "audit_events",
    "generations",
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

const DUMMY_HASH = 2 ** 31 - 1;

type Owner = { teamId: number; keyId?: number | null; connectionId?: number | null };
const writeRequest = ({ teamId, keyId = null, connectionId = null }: Owner) => sql()`
  insert into generations (team_id, connection_id, api_key_id, generation_id, started_at)
  values (${teamId}, ${connectionId}, ${keyId}, gen_random_uuid()::text, ${HOUR})`;
const requestsOf = (teamId: number) => sql()<{ api_key_id: number | null; connection_id: number | null }[]>`
  select api_key_id, connection_id from generations where team_id = ${teamId} order by id`;

async function createConnectionOf(teamId: number): Promise<number> {
  const [connection] = await sql()<{ id: number }[]>`
    insert into broadcast_connections (team_id, name, secret_hash) values (${teamId}, 'Live', 'hash') returning id`;
  return connection?.id ?? 0;
}

test("a request goes with its key or its team, stays without its connection, and nobody else's does", async () => {
  const [{ viewer: ann }, { viewer: bob }] = [await createPerson(), await createPerson()];
  const [gone, stays] = [await createKeyOf(ann.teamId), await createKeyOf(ann.teamId)];
  const connectionId = await createConnectionOf(ann.teamId);
  for (const keyId of [gone, stays, null]) await writeRequest({ teamId: ann.teamId, keyId, connectionId });
  await writeRequest({ teamId: bob.teamId, connectionId: await createConnectionOf(bob.teamId) });
  await sql()`delete from api_keys where id = ${gone}`;
  expect(await requestsOf(ann.teamId)).toMatchObject([{ api_key_id: stays }, { api_key_id: null }]);
  await sql()`delete from broadcast_connections where id = ${connectionId}`;
  expect(await requestsOf(ann.teamId)).toMatchObject([{ connection_id: null }, { connection_id: null }]);
  await createConnectionOf(ann.teamId).then((id) => writeRequest({ teamId: ann.teamId, connectionId: id }));
  await sql()`delete from teams where id = ${ann.teamId}`;
  expect(await requestsOf(ann.teamId)).toEqual([]);
  expect(await requestsOf(bob.teamId)).toEqual([{ api_key_id: null, connection_id: expect.any(Number) }]);
});

test("a request of no team, key or connection, or of another team's, is refused", async () => {
  const [{ viewer: ann }, { viewer: bob }] = [await createPerson(), await createPerson()];
  const [keyId, connectionId] = [await createKeyOf(ann.teamId), await createConnectionOf(ann.teamId)];
  const { teamId } = bob;
  for (const owner of [
    { teamId: DUMMY_HASH },
    { teamId, keyId },
    { teamId, connectionId },
    { teamId, keyId: DUMMY_HASH },
    { teamId, connectionId: DUMMY_HASH },
  ])
    await expect(writeRequest(owner)).rejects.toMatchObject({ code: "23503" });
  expect(await requestsOf(teamId)).toEqual([]);
  expect(await requestsOf(DUMMY_HASH)).toEqual([]);
});

test("a request that is written while its key, its connection or its team is deleted is nobody's at no time", async () => {
  for (let round = 0; round < 20; round++) {
    const { viewer } = await createPerson();
    const { teamId } = viewer;
    const owner = { teamId, keyId: await createKeyOf(teamId), connectionId: await createConnectionOf(teamId) };
    await Promise.allSettled([
      writeRequest(owner),
      writeRequest({ teamId, connectionId: owner.connectionId }),
      sql()`delete from api_keys where id = ${owner.keyId}`,
      writeRequest(owner),
      sql()`delete from broadcast_connections where id = ${owner.connectionId}`,
      writeRequest({ teamId, connectionId: owner.connectionId }),
    ]);
    const left = await requestsOf(teamId);
    expect(left.filter((row) => row.api_key_id !== null || row.connection_id !== null)).toEqual([]);
    await Promise.allSettled([
      writeRequest({ teamId }),
      sql()`delete from teams where id = ${teamId}`,
      writeRequest({ teamId }),
    ]);
    expect(await requestsOf(teamId)).toEqual([]);
  }
});
