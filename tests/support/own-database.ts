import { afterEach } from "vitest";
import { checkDatabase, checkRights } from "@/db/check/check-database";
import { migrateDatabase } from "@/db/migrate";
import { createDatabase, type TestDatabase } from "./database";

/** What `npm start` and the container do with a database of one's own before they serve. */
export async function start(url: string): Promise<string[]> {
  await checkDatabase(url);
  await migrateDatabase(url);
  return checkRights(url);
}

const opened: TestDatabase[] = [];

afterEach(async () => {
  for (const database of opened.splice(0)) await database.drop();
});

/** An empty database, which goes after the test. */
export async function newDatabase(): Promise<TestDatabase> {
  const database = await createDatabase("empty");
  opened.push(database);
  return database;
}
