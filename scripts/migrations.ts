import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import drizzle from "@/drizzle.config";

/**
 * npm run migrations -- --name <what_it_is_about> [--custom]
 *
 * Has drizzle-kit write a migration for what changed in db/schema, and takes the schema's name out of it, which
 * drizzle-kit cannot leave away: the tables may be in any schema.
 */
const folder = drizzle.out ?? "";
execFileSync(path.resolve("node_modules/.bin/drizzle-kit"), ["generate", ...process.argv.slice(2)], {
  stdio: "inherit",
});
for (const name of readdirSync(folder).filter((file) => file.endsWith(".sql"))) {
  const file = path.join(folder, name);
  const text = readFileSync(file, "utf8");
  const unnamed = text.replaceAll('"public".', "");
  if (unnamed !== text) writeFileSync(file, unnamed);
}
