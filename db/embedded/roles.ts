import { createHmac, randomBytes } from "node:crypto";
import postgres from "postgres";
import type { EmbeddedServer } from "./server";

/**
 * Who works in an embedded database. `postgres` sets it up and does nothing else; `monitor_owner` owns the tables, for
 * migrations and restores; `monitor` is the application, which cannot switch a rule off.
 */
export type EmbeddedRole = "postgres" | "monitor_owner" | "monitor";

export const DATABASE_NAME = "monitor";

/** Whom earlier versions had: the superuser was called as the application is now. */
const FORMER_SUPERUSER = "monitor";

const SETUP_LOCK = 4_711_003;

/** Each role has a password of its own, and none leads to another's. */
export const passwordOf = (role: EmbeddedRole, password: string): string =>
  role === "postgres" ? password : createHmac("sha256", password).update(role).digest("hex");

/** Makes what a server lacks of roles and of the database, and hands over what an earlier version has made. */
export async function prepareRoles(server: EmbeddedServer): Promise<void> {
  await renameFormerSuperuser(server);
  await onServer(server.urlOf("postgres", "postgres"), async (sql) => {
    await sql`select pg_advisory_lock(${SETUP_LOCK})`;
    for (const role of ["monitor_owner", "monitor"] as const) {
      const known = await sql`select from pg_roles where rolname = ${role}`;
      if (known.length === 0) await sql.unsafe(`create role ${role} login password '${server.passwordOf(role)}'`);
    }
    await createDatabase(sql, DATABASE_NAME);
  });
  await onServer(server.urlOf(DATABASE_NAME, "postgres"), handOver);
}

/** Makes a database whose tables are its owner's to make, unless it is there. */
export async function createDatabase(sql: postgres.Sql, name: string): Promise<void> {
  const known = await sql`select from pg_database where datname = ${name}`;
  if (known.length === 0) await sql`create database ${sql(name)} owner monitor_owner`;
}

async function onServer<T>(url: string, use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10 });
  return use(sql).finally(() => sql.end({ timeout: 1 }));
}

/** The role that a server was made with stays a superuser, but for its name; nobody can rename themselves. */
async function renameFormerSuperuser(server: EmbeddedServer): Promise<void> {
  const superuser = server.urlOf("postgres", "postgres");
  const isNamed = await onServer(superuser, (sql) => sql`select 1`).catch((error) => {
    // No such role, or another password: said alike.
    if (error.code === "28P01") return null;
    throw error;
  });
  if (isNamed) return;
  const as = (user: string, password: string) => {
    const url = new URL(superuser);
    return Object.assign(url, { username: user, password }).toString();
  };
  const helper = { name: "monitor_setup", password: randomBytes(24).toString("hex") };
  await onServer(as(FORMER_SUPERUSER, server.passwordOf("postgres")), async (sql) => {
    await sql`drop role if exists ${sql(helper.name)}`;
    await sql.unsafe(`create role ${helper.name} superuser login password '${helper.password}'`);
  });
  const rename = (sql: postgres.Sql) => sql`alter role ${sql(FORMER_SUPERUSER)} rename to postgres`;
  await onServer(as(helper.name, helper.password), rename);
  await onServer(superuser, (sql) => sql`drop role ${sql(helper.name)}`);
}

/** Gives what the superuser made to the owner of the tables, and the journal of migrations its place beside them. */
async function handOver(sql: postgres.Sql): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`select pg_advisory_xact_lock(${SETUP_LOCK})`;
    const things = await transaction<{ statement: string }[]>`
      select format('alter database %I owner to monitor_owner', datname) as statement from pg_database
        where datname = current_database() and datdba <> 'monitor_owner'::regrole
      union all
      select format('alter table %s owner to monitor_owner', oid::regclass) from pg_class
        where relkind = 'r' and relnamespace in (select oid from pg_namespace where nspname in ('public', 'drizzle'))
          and relowner <> 'monitor_owner'::regrole
      union all
      select format('alter routine %s owner to monitor_owner', oid::regprocedure) from pg_proc
        where pronamespace = 'public'::regnamespace and proowner <> 'monitor_owner'::regrole`;
    for (const { statement } of things) await transaction.unsafe(statement);
    const [former] = await transaction`select from pg_namespace where nspname = 'drizzle'`;
    if (former) {
      await transaction`alter table drizzle.__drizzle_migrations set schema public`;
      await transaction`drop schema drizzle`;
    }
  });
}
