import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";

const root = path.join(import.meta.dirname, "..");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "monitor-migrations-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** What `npm run migrations` makes of a folder. */
function generate(out: string, name: string): string {
  const args = ["--import", "tsx", "scripts/migrations.ts", "--name", name];
  // biome-ignore lint/style/noProcessEnv: the script gets what we have and another folder
  const env = { ...process.env, MIGRATIONS_FOLDER: path.relative(root, out) };
  return execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", env });
}

const filesOf = async (out: string) =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(out, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map(async (entry) => {
          const file = path.join(entry.parentPath, entry.name);
          return [path.relative(out, file), await readFile(file, "utf8")] as const;
        }),
    ),
  );

test("the migrations are what the script makes of the schema, and there is none to add", async () => {
  const out = path.join(folder, "same");
  await cp(path.join(root, "drizzle"), out, { recursive: true });
  expect(generate(out, "nothing")).toContain("No schema changes");
  expect(await filesOf(out)).toEqual(await filesOf(path.join(root, "drizzle")));
});

test("the script names no schema, so that the tables may be in any", async () => {
  const out = path.join(folder, "anew");
  generate(out, "base");
  const text = (await filesOf(out))["0000_base.sql"] ?? "";
  expect(text.match(/CREATE TABLE/g)?.length).toBeGreaterThan(20);
  expect(text).toMatch(/REFERENCES "teams"/);
  const migrations = Object.entries(await filesOf(path.join(root, "drizzle"))).filter(([name]) =>
    name.endsWith(".sql"),
  );
  for (const [name, sqlText] of [["generated", text], ...migrations])
    expect(sqlText, name).not.toMatch(/\bpublic\b"?\./);
});

test("every function keeps the schema that it was made in, and every rule holds whatever a session says of itself", async () => {
  const functions = await sql()<{ name: string; path: string | null }[]>`
    select proname as name, (select setting from unnest(proconfig) setting where setting like 'search_path=%') as path
    from pg_proc where pronamespace = quote_ident(current_schema())::regnamespace`;
  expect(functions.length).toBeGreaterThan(5);
  for (const { name, path: kept } of functions) expect(kept, name).toBe("search_path=public, pg_temp");
  const triggers = await sql()`select tgname from pg_trigger where not tgisinternal and tgenabled <> 'A'`;
  expect(triggers).toEqual([]);
});
