import path from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

/** Any constant will do, as long as nobody else locks it: processes that start together migrate one after the other. */
export const MIGRATION_LOCK = 4_711_001;

/** Brings the database to the newest level; safe to call from many processes at once. */
export async function migrateDatabase(
  url: string,
  folder = path.join(/* turbopackIgnore: true */ process.cwd(), "drizzle"),
): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10 });
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await migrate(drizzle(sql), { migrationsFolder: folder });
  } finally {
    await sql.end({ timeout: 5 });
  }
}
