import postgres from "postgres";
import { grantAccess } from "../grant-access";
import { migrateDatabase } from "../migrate";
import { DATABASE_NAME } from "./roles";
import type { EmbeddedServer } from "./server";

/** Brings the embedded database to this version's level as the owner of its tables, and lets the application work with them. */
export async function migrateEmbedded(server: EmbeddedServer): Promise<void> {
  const url = server.urlOf(DATABASE_NAME, "monitor_owner");
  await migrateDatabase(url);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await grantAccess(sql, "monitor").finally(() => sql.end({ timeout: 1 }));
}
