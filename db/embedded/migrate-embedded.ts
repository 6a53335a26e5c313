import { APPLICATION } from "../application";
import { grantAccess } from "../grant-access";
import { migrateDatabase } from "../migrate";
import { withConnection } from "../open-pool";
import { DATABASE_NAME } from "./roles";
import type { EmbeddedServer } from "./server";

/**
 * Brings the embedded database to this version's level as the owner of its tables, and lets the application work with
 * them.
 */
export async function migrateEmbedded(server: EmbeddedServer): Promise<void> {
  const url = server.urlOf(DATABASE_NAME, "monitor_owner");
  await migrateDatabase(url);
  await withConnection(url, `${APPLICATION}-migrate`, (sql) => grantAccess(sql, "monitor"));
}
