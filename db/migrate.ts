import path from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { readAddress } from "./address";

/** Any constant will do, as long as nobody else locks it: processes that start together migrate one after the other. */
export const MIGRATION_LOCK = 4_711_001;

/**
 * Brings the database to the newest level; safe to call from many processes at once. A transaction on a connection of its own holds the lock: unlike a lock of the
 * session, a transaction pooler keeps it, and it ends with the process.
 */
export async function migrateDatabase(
  databaseUrl: string,
  folder = path.join(/* turbopackIgnore: true */ process.cwd(), "drizzle"),
): Promise<void> {
  const { url, prepare } = readAddress(databaseUrl);
  const sql = postgres(url, { max: 2, prepare, onnotice: () => {}, connect_timeout: 10 });
  try {
    await sql.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(${MIGRATION_LOCK})`;
      await migrate(drizzle(sql), { migrationsFolder: folder });
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
}
