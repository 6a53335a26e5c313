import path from "node:path";
import { type MigrationMeta, readMigrationFiles } from "drizzle-orm/migrator";
import type postgres from "postgres";
import { EnvError } from "@/lib/base/env";
import { APPLICATION, JOURNAL } from "./application";
import { grantAccess, grantedRoles } from "./grant-access";
import { withConnection } from "./open-pool";

/** Any constant will do, as long as nobody else locks it: processes that start together migrate one after the other. */
export const MIGRATION_LOCK = 4_711_001;

/** A connection or a transaction. */
type Sql = postgres.ISql;

/** The migrations of this version, oldest first. */
export const knownMigrations = (
  folder = path.join(/* turbopackIgnore: true */ process.cwd(), "drizzle"),
): MigrationMeta[] => readMigrationFiles({ migrationsFolder: folder });

/**
 * Brings the database to the newest level; safe to call from many processes at once. A transaction holds the lock:
 * unlike a lock of the session, a transaction pooler keeps it, and it ends with the process.
 */
export async function migrateDatabase(databaseUrl: string, migrations = knownMigrations()): Promise<void> {
  await withConnection(databaseUrl, `${APPLICATION}-migrate`, (sql) =>
    sql.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(${MIGRATION_LOCK})`;
      const roles = await grantedRoles(transaction);
      await applyMigrations(transaction, await pendingMigrations(transaction, migrations));
      for (const role of roles) await grantAccess(transaction, role);
    }),
  );
}

/** Hashes of the migrations that the database has, oldest first; empty when it has none. */
export async function appliedMigrations(sql: Sql): Promise<string[]> {
  const [found] = await sql`select to_regclass(${JOURNAL}) is not null as is_there`;
  if (!found?.is_there) return [];
  const rows = await sql<{ hash: string }[]>`select hash from ${sql(JOURNAL)} order by id`;
  return rows.map(({ hash }) => hash);
}

/** What the database lacks. Throws EnvError for one that another line of this application has made. */
export async function pendingMigrations(sql: Sql, migrations: readonly MigrationMeta[]): Promise<MigrationMeta[]> {
  const applied = new Set(await appliedMigrations(sql));
  const pending = migrations.filter(({ hash }) => !applied.has(hash));
  if (applied.size > 0 && pending.includes(migrations[0] as MigrationMeta))
    throw new EnvError(
      "DATABASE_URL names a database of a state of this application from before its first release: give it an empty one",
    );
  return pending;
}

/**
 * Applies migrations in a transaction and notes them. They name no schema: tables and functions belong to the current
 * one, for good.
 */
export async function applyMigrations(transaction: Sql, migrations: readonly MigrationMeta[]): Promise<void> {
  if (migrations.length === 0) return;
  // Functions keep this path (SET search_path FROM CURRENT): whoever calls them cannot put tables of their own before
  // ours.
  await transaction`select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true),
    set_config('statement_timeout', '0', true)`;
  await transaction`create table if not exists ${transaction(JOURNAL)}
    (id serial primary key, hash text not null, created_at bigint)`;
  for (const { hash, sql, folderMillis } of migrations) {
    for (const statement of sql) await transaction.unsafe(statement);
    await transaction`insert into ${transaction(JOURNAL)} (hash, created_at) values (${hash}, ${folderMillis})`;
  }
}
