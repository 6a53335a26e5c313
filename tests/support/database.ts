import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, inject } from "vitest";

export type TestDatabase = { url: string; drop(): Promise<void> };

async function administer<T>(use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(inject("databaseServer"), { max: 1, onnotice: () => {} });
  try {
    return await use(sql);
  } finally {
    await sql.end();
  }
}

/** A database of its own on the server of this test run: migrated as in production, or with nothing in it. */
export async function createDatabase(content: "migrated" | "empty" = "migrated"): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const template = content === "migrated" ? "migrated" : "template1";
  await administer((sql) => sql`create database ${sql(name)} template ${sql(template)} strategy file_copy`);
  const url = new URL(inject("databaseServer"));
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    drop: async () => {
      await administer((sql) => sql`drop database if exists ${sql(name)} with (force)`);
    },
  };
}

// Vitest runs this file before each test file and anything that it imports, so `db()` finds a database of that file's own.
const database = await createDatabase();
// biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
process.env.DATABASE_URL = database.url;

afterAll(async () => {
  const { closeDatabase } = await import("@/db/client");
  await closeDatabase();
  await database.drop();
});
