import "server-only";
import type postgres from "postgres";
import { APPLICATION, JOURNAL } from "@/db/application";
import { copyIn } from "@/db/copy-in";
import { grantAccess, grantedRoles } from "@/db/grant-access";
import { applyMigrations, knownMigrations, MIGRATION_LOCK, migrateDatabase } from "@/db/migrate";
import { withConnection } from "@/db/open-pool";
import { BackupError } from "./backup-error";
import { readTables } from "./catalog";
import type { Header, Sequence, Table } from "./format";
import { type Part, readBackup, verifyBackup } from "./read-backup";

type Transaction = postgres.TransactionSql;
type Options = { force: boolean };

/** Tables that fill by themselves when an instance runs: a database with nothing else counts as empty. */
const BY_ITSELF = ["settings", "job_runs", "leases", "rate_limits"];

/**
 * Makes a database what a backup says, or leaves it as it was: one transaction brings it to the backup's level and loads every table; newer migrations follow. Throws
 * BackupError for a damaged file, a newer level than this version knows, a database that holds something (unless forced), or one that is in use.
 */
export async function restoreBackup(url: string, file: string, { force }: Options): Promise<{ tables: number }> {
  const header = await verifyBackup(file);
  const tables = await withConnection(url, `${APPLICATION}-backup`, (sql) =>
    sql.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(${MIGRATION_LOCK})`;
      if (!force) await refuseUsed(transaction);
      const roles = await grantedRoles(transaction);
      await dropEverything(transaction);
      await migrateTo(transaction, header);
      for (const role of roles) await grantAccess(transaction, role);
      return load(transaction, file);
    }),
  );
  await migrateDatabase(url);
  return { tables };
}

async function refuseUsed(transaction: Transaction): Promise<void> {
  const others = await transaction`
    select 1 from pg_stat_activity where datname = current_database() and application_name = ${APPLICATION} limit 1`;
  if (others.length > 0)
    throw new BackupError("The application is running on this database: stop it first, or add --force");
  for (const { table } of await readTables(transaction)) {
    if (BY_ITSELF.includes(table)) continue;
    const rows = await transaction`select 1 from ${transaction(table)} limit 1`;
    if (rows.length > 0)
      throw new BackupError(
        "The database is not empty: restore into another one, or add --force to replace everything in it",
      );
  }
}

/** What migrations make, and no more: schema, extensions and rights stay, for they may not be ours. */
async function dropEverything(transaction: Transaction): Promise<void> {
  for (const { table } of await readTables(transaction)) await transaction`drop table ${transaction(table)} cascade`;
  const routines = await transaction<{ signature: string }[]>`
    select p.oid::regprocedure::text as signature from pg_proc p
    where p.pronamespace = quote_ident(current_schema())::regnamespace
      and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')`;
  for (const { signature } of routines) await transaction.unsafe(`drop routine ${signature} cascade`);
  await transaction`drop table if exists ${transaction(JOURNAL)}`;
}

/** Applies the backup's migrations in this transaction and notes them where Drizzle looks for them. */
async function migrateTo(transaction: Transaction, header: Header): Promise<void> {
  const level = knownMigrations().slice(0, header.migrations.length);
  if (header.migrations.some((hash, index) => level[index]?.hash !== hash))
    throw new BackupError(
      `The backup was made by version ${header.version}, which this one does not know: use that version or a newer one`,
    );
  await applyMigrations(transaction, level);
  for (const { table } of await readTables(transaction)) await transaction`delete from ${transaction(table)}`;
}

async function load(transaction: Transaction, file: string): Promise<number> {
  const parts = readBackup(file);
  let sequences: Sequence[] = [];
  let tables = 0;
  for (let part = await parts.next(); !part.done; part = await parts.next()) {
    if (part.value.kind === "header") sequences = part.value.header.sequences;
    if (part.value.kind !== "table") continue;
    await loadTable(transaction, part.value.table, parts);
    tables++;
  }
  for (const { table, column, next } of sequences) {
    await transaction`select setval(pg_get_serial_sequence(quote_ident(${table}), ${column}), ${next}::bigint, false)`;
  }
  return tables;
}

/** Our own triggers rest meanwhile: what they would do has been done when the rows were written first. */
async function loadTable(
  transaction: Transaction,
  { table, columns }: Table,
  parts: AsyncIterator<Part>,
): Promise<void> {
  const triggers = await transaction<{ name: string }[]>`
    select tgname as name from pg_trigger where tgrelid = quote_ident(${table})::regclass and not tgisinternal`;
  await transaction`alter table ${transaction(table)} disable trigger user`;
  await copyIn(transaction`copy ${transaction(table)} (${transaction(columns)}) from stdin`, rowsOf(parts));
  for (const { name } of triggers)
    await transaction`alter table ${transaction(table)} enable always trigger ${transaction(name)}`;
}

async function* rowsOf(parts: AsyncIterator<Part>): AsyncGenerator<Buffer> {
  for (let part = await parts.next(); !part.done && part.value.kind === "rows"; part = await parts.next()) {
    yield part.value.data;
  }
}
