import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, inject } from "vitest";
import type { EmbeddedRole } from "@/db/embedded/roles";

/** `url`: for the role that works with it; `as`: for another one. */
export type TestDatabase = { url: string; as(role: EmbeddedRole): string; drop(): Promise<void> };

async function onServer<T>(url: string, use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await use(sql);
  } finally {
    await sql.end();
  }
}

const administer = <T>(use: (sql: postgres.Sql) => Promise<T>): Promise<T> =>
  onServer(inject("databaseServer").postgres, use);

/**
 * A database of its own on the server of this test run: migrated and for the application's role as in production, or
 * with nothing in it and for a role that owns it, as people have who bring their own database.
 */
export async function createDatabase(content: "migrated" | "empty" = "migrated"): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const template = content === "migrated" ? "migrated" : "template1";
  await administer(
    (sql) => sql`create database ${sql(name)} owner monitor_owner template ${sql(template)} strategy file_copy`,
  );
  const as = (role: EmbeddedRole): string => {
    const url = new URL(inject("databaseServer")[role]);
    url.pathname = `/${name}`;
    return url.toString();
  };
  return {
    url: as(content === "migrated" ? "monitor" : "monitor_owner"),
    as,
    drop: async () => {
      await administer((sql) => sql`drop database if exists ${sql(name)} with (force)`);
    },
  };
}

// Vitest runs this file before each test file and anything that it imports, so `db()` finds a database of that file's own.
const database = await createDatabase();
// biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
process.env.DATABASE_URL = database.url;

/**
 * Runs statements on this file's database that the application may not: a test changes a table, or breaks something.
 */
export const asSuperuser = <T>(use: (sql: postgres.Sql) => Promise<T>): Promise<T> =>
  onServer(database.as("postgres"), use);

afterAll(async () => {
  const { closeDatabase } = await import("@/db/client");
  await closeDatabase();
  await database.drop();
});
