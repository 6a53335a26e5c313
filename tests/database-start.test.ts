import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { describe, expect, inject, it } from "vitest";
import { checkRights } from "@/db/check/check-database";
import { grantAccess } from "@/db/grant-access";
import { migrateDatabase } from "@/db/migrate";
import { openPool, withConnection } from "@/db/open-pool";
import type { TestDatabase } from "./support/database";
import { newDatabase, start } from "./support/own-database";
import { startStrictPooler } from "./support/strict-pooler";

const PASSWORD = "a-password-of-tests";

async function onServer<T>(url: string, use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  return use(sql).finally(() => sql.end());
}

/** Runs statements as superuser. */
const prepare = (database: TestDatabase, ...statements: string[]) =>
  onServer(database.as("postgres"), async (sql) => {
    for (const statement of statements) await sql.unsafe(statement);
  });

/** A role of its own, and the address as it. */
async function newRole(database: TestDatabase, rights = "") {
  const role = `role_${randomBytes(4).toString("hex")}`;
  await prepare(database, `create role ${role} login password '${PASSWORD}' ${rights}`);
  const url = new URL(database.url);
  Object.assign(url, { username: role, password: PASSWORD });
  return { role, url: url.toString() };
}

const withQuery = (url: string, query: string): string => `${url}&${query}`;

/** Writes and reads what a setting could garble. */
async function roundTrip(url: string): Promise<void> {
  const sql = openPool(url, { max: 1 });
  try {
    const [row] = await sql`insert into users (email, name, created_at)
      values (${`${randomBytes(4).toString("hex")}@example.com`}, ${"漢字 \\ 'x'"}, '2026-02-03T04:05:06Z') returning name, created_at`;
    expect(row?.name).toBe("漢字 \\ 'x'");
    expect(new Date(String(row?.created_at)).toISOString()).toBe("2026-02-03T04:05:06.000Z");
    const [read] =
      await sql`select '1 day 2 hours'::interval::text as span, '\\x00ff'::bytea::text as bytes, 0.1::float8::text as number,
      '2026-02-03'::date::text as day`;
    expect(read).toEqual({ span: "1 day 02:00:00", bytes: "\\x00ff", number: "0.1", day: "2026-02-03" });
  } finally {
    await sql.end();
  }
}

const UNUSUAL = [
  "datestyle = 'German, DMY'",
  "intervalstyle = 'iso_8601'",
  "timezone = 'Asia/Kathmandu'",
  "bytea_output = 'escape'",
  "extra_float_digits = -15",
  "standard_conforming_strings = off",
  "default_transaction_isolation = 'serializable'",
  "client_encoding = 'LATIN1'",
];

describe("a database with settings of its own", () => {
  it("is worked with as any other, for each connection says what it needs", async () => {
    const database = await newDatabase();
    const name = new URL(database.url).pathname.slice(1);
    await prepare(database, ...UNUSUAL.map((setting) => `alter database ${name} set ${setting}`));
    await start(database.url);
    await roundTrip(database.url);
    const [isolation] = await withConnection(database.url, "tests", (sql) => sql`show transaction_isolation`);
    expect(isolation).toEqual({ transaction_isolation: "read committed" });
  });

  it("behind a pooler is worked with where the pooler passes them on, and refused by name where not", async () => {
    const database = await newDatabase();
    const name = new URL(database.url).pathname.slice(1);
    const pooler = await startStrictPooler(Number(new URL(database.url).port));
    try {
      const url = new URL(database.url);
      url.port = String(pooler.port);
      await expect(start(url.toString())).rejects.toThrow(/unsupported startup parameter.*add pgbouncer=true/);
      const pooled = withQuery(url.toString(), "pgbouncer=true");
      await prepare(
        database,
        `alter database ${name} set datestyle = 'German, DMY'`,
        `alter database ${name} set timezone = 'Asia/Kathmandu'`,
      );
      await start(pooled);
      await roundTrip(pooled);
      expect(pooler.seen.length).toBeGreaterThan(4);
      await prepare(database, `alter database ${name} set intervalstyle = 'iso_8601'`);
      await expect(start(pooled)).rejects.toThrow(
        "IntervalStyle is iso_8601, and a pooler passes no settings on: ALTER ROLE monitor_owner SET IntervalStyle = 'postgres'",
      );
    } finally {
      await pooler.close();
    }
  });
});

describe("a database that we could not work with is refused before anything is made in it:", () => {
  const refusal = (url: string) =>
    start(url).then(
      () => "started",
      (error: Error) => error.message,
    );

  it("one that is not UTF-8", async () => {
    const name = `latin_${randomBytes(4).toString("hex")}`;
    await onServer(inject("databaseServer").postgres, async (sql) => {
      await sql.unsafe(
        `create database ${name} owner monitor_owner encoding 'SQL_ASCII' locale 'C' locale_provider libc template template0`,
      );
    });
    const url = new URL(inject("databaseServer").monitor_owner);
    url.pathname = `/${name}`;
    expect(await refusal(url.toString())).toMatch(
      /its encoding is SQL_ASCII: make one with CREATE DATABASE … ENCODING 'UTF8'/,
    );
    await onServer(inject("databaseServer").postgres, (sql) => sql`drop database ${sql(name)}`);
  });

  it("one in which the role may make nothing", async () => {
    const database = await newDatabase();
    const { role, url } = await newRole(database);
    expect(await refusal(url)).toBe(
      `${role} may not make the tables that this version needs: GRANT CREATE ON SCHEMA public TO ${role}, or run "npm run migrate ${role}" with the DATABASE_URL of the schema's owner`,
    );
    await prepare(database, `grant create on schema public to ${role}`);
    expect(await refusal(url)).toBe("started");
  });

  it("one that can only be read", async () => {
    const database = await newDatabase();
    await prepare(
      database,
      `alter database ${new URL(database.url).pathname.slice(1)} set default_transaction_read_only = on`,
    );
    expect(await refusal(database.url)).toMatch(
      /it can only be read: ALTER ROLE monitor_owner SET default_transaction_read_only = off/,
    );
  });

  it("one in which the role may make no temporary table", async () => {
    const database = await newDatabase();
    const name = new URL(database.url).pathname.slice(1);
    await prepare(database, `revoke temporary on database ${name} from public`);
    const { role, url } = await newRole(database);
    expect(await refusal(url)).toMatch(`GRANT TEMPORARY ON DATABASE ${name} TO ${role}`);
  });

  it("one whose schema there is not", async () => {
    const database = await newDatabase();
    expect(await refusal(withQuery(database.url, "schema=none"))).toMatch(
      /there is no schema none .*: CREATE SCHEMA none AUTHORIZATION monitor_owner/,
    );
    const { role, url } = await newRole(database);
    await prepare(database, `alter role ${role} set search_path = none`);
    expect(await refusal(url)).toMatch(`the search_path of ${role} names no schema`);
  });

  it("one that is not there, or does not let us in", async () => {
    const { url } = await newDatabase();
    const changed = (change: (address: URL) => void) => {
      const address = new URL(url);
      change(address);
      return refusal(address.toString());
    };
    expect(await changed((address) => (address.pathname = "/none"))).toMatch(
      /there is no database none: CREATE DATABASE none/,
    );
    expect(await changed((address) => (address.password = "wrong"))).toMatch(
      /the password of monitor_owner is not right$/,
    );
    expect(await changed((address) => (address.port = "9"))).toMatch(/nobody listens at 127.0.0.1:9$/);
    expect(await changed((address) => (address.hostname = "none.invalid"))).toMatch(/name of its host is not known/);
  });

  it("one of another state of this application", async () => {
    const database = await newDatabase();
    await start(database.url);
    await prepare(database, "update __drizzle_migrations set hash = 'another'");
    expect(await refusal(database.url)).toMatch(/from before its first release: give it an empty one/);
  });
});

describe("a schema of one's own", () => {
  const tablesIn = (database: TestDatabase) =>
    onServer(database.as("postgres"), async (sql) => {
      const rows = await sql<
        { schema: string }[]
      >`select distinct relnamespace::regnamespace::text as schema from pg_class
        where relkind in ('r', 'S') and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
          and relnamespace::regnamespace::text not like 'pg_t%'`;
      return rows.map(({ schema }) => schema);
    });

  it.each(["schema=Mine", "options=-csearch_path%3D%22Mine%22"])(
    "named by %s holds everything, and public nothing",
    async (query) => {
      const database = await newDatabase();
      await prepare(
        database,
        'create schema "Mine" authorization monitor_owner',
        "revoke all on schema public from public",
      );
      const url = withQuery(database.url, query);
      await start(url);
      await roundTrip(url);
      expect(await tablesIn(database)).toEqual(['"Mine"']);
      // Functions find their tables whoever calls them, from wherever.
      const events = await onServer(database.as("postgres"), async (sql) => {
        await sql.unsafe(`insert into "Mine".teams (name) values ('T')`);
        return sql.unsafe(`select "Mine".delete_old_audit_events(30) as deleted`);
      });
      expect(events).toEqual([{ deleted: "0" }]);
      expect(await start(url)).toHaveLength(1);
    },
  );

  it("named by the role's search_path is used, and no right on the whole database is needed", async () => {
    const database = await newDatabase();
    const { role, url } = await newRole(database);
    await prepare(
      database,
      `create schema own authorization ${role}`,
      `alter role ${role} set search_path = own`,
      `revoke create on database ${new URL(database.url).pathname.slice(1)} from public`,
    );
    await start(url);
    expect(await tablesIn(database)).toEqual(["own"]);
  });
});

describe("the rights of the role", () => {
  it("are said where they are too many, and not where they are as they should be", async () => {
    const database = await newDatabase();
    expect(await start(database.url)).toEqual([expect.stringMatching(/^monitor_owner owns the tables: whoever takes/)]);
    expect(await checkRights(database.as("postgres"))).toEqual([
      expect.stringMatching(/^postgres is a superuser, may make roles/),
    ]);
    const { role, url } = await newRole(database);
    await expect(checkRights(url)).rejects.toThrow(
      `${role} may not select account_attempts`.slice(0, role.length + 14),
    );
    await withConnection(database.url, "tests", (sql) => grantAccess(sql, role));
    expect(await start(url)).toEqual([]);
    await roundTrip(url);
    await prepare(
      database,
      `alter role ${role} bypassrls createrole`,
      `grant set on parameter session_replication_role to ${role}`,
    );
    const [line] = await checkRights(url);
    for (const right of ["may make roles", "passes over row security", "may set session_replication_role"])
      expect(line).toContain(right);
    await prepare(database, `revoke set on parameter session_replication_role from ${role}`);
  });

  it("stay with a role through migrations that its owner makes later", async () => {
    const database = await newDatabase();
    await start(database.url);
    const { role, url } = await newRole(database);
    await withConnection(database.url, "tests", (sql) => grantAccess(sql, role));
    await prepare(database, "create table newer (id int)", "alter table newer owner to monitor_owner");
    await expect(checkRights(url)).rejects.toThrow(`run "npm run migrate ${role}"`);
    await migrateDatabase(database.url);
    expect(await checkRights(url)).toEqual([]);
  });
});
