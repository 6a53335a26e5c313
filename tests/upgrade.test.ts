import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { migrateDatabase } from "@/db/migrate";
import { createDatabase } from "./support/database";

const drizzle = path.join(import.meta.dirname, "../drizzle");
const Journal = z.looseObject({ entries: z.array(z.looseObject({ tag: z.string() })) });
const journal = Journal.parse(JSON.parse(await readFile(path.join(drizzle, "meta/_journal.json"), "utf8")));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "openrouter-monitor-upgrade-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The migrations as they were when only the first `count` existed. */
async function migrationsUpTo(count: number): Promise<string> {
  const level = path.join(folder, String(count));
  await cp(drizzle, level, { recursive: true });
  const entries = journal.entries.slice(0, count);
  await writeFile(path.join(level, "meta/_journal.json"), JSON.stringify({ ...journal, entries }));
  return level;
}

/** What a column of a type may hold, for columns that must hold something and say nothing about it. */
const SAMPLES: Record<string, string> = {
  bigint: "7",
  boolean: "true",
  bytea: "\\x00ff",
  date: "2026-03-29",
  integer: "7",
  jsonb: '{"kept": [1, null]}',
  numeric: "0.12345678901234567890",
  smallint: "7",
  text: "kept",
  "text[]": "{kept}",
  "timestamp with time zone": "2026-03-29T00:59:59.123456Z",
  uuid: "0198f0aa-1111-7222-8333-444455556666",
};

type Column = { name: string; type: string; parent: string | null; generated: boolean };
type Table = { name: string; columns: Column[] };

/** The tables, each after those that it refers to. */
async function readTables(sql: postgres.Sql): Promise<Table[]> {
  const rows = await sql<(Column & { table: string })[]>`
    select t.relname as table, a.attname as name, format_type(a.atttypid, null) as type,
      a.attidentity <> '' or a.attgenerated <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid) like 'nextval%', false) as generated,
      coalesce((select f.confrelid::regclass::text from pg_constraint f
        where f.contype = 'f' and f.conrelid = t.oid and f.conkey[1] = a.attnum and f.confrelid <> t.oid limit 1),
        -- Tables of usage have triggers in the place of foreign keys.
        case when t.relname like 'usage%' then case a.attname when 'team_id' then 'teams' when 'api_key_id' then 'api_keys' end end) as parent
    from pg_class t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
    where t.relkind = 'r' and t.relnamespace = 'public'::regnamespace
      and not exists (select from pg_constraint s where s.contype = 'f' and s.conrelid = t.oid and s.confrelid = t.oid and a.attnum = any (s.conkey))
    order by 1, a.attnum`;
  const waiting = new Map<string, Table>();
  for (const { table, ...column } of rows) {
    const known = waiting.get(table) ?? { name: table, columns: [] };
    known.columns.push(column);
    waiting.set(table, known);
  }
  const sorted: Table[] = [];
  while (waiting.size > 0) {
    const next = [...waiting.values()].find(({ columns }) =>
      columns.every(({ parent }) => !parent || !waiting.has(parent)),
    );
    if (!next) throw new Error(`These tables refer to each other: ${[...waiting.keys()]}`);
    waiting.delete(next.name);
    sorted.push(next);
  }
  return sorted;
}

/** Puts a row into every table, with something in every column. Answers the rows as JSON texts. */
async function fill(sql: postgres.Sql): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const rows = new Map<string, string>();
  for (const { name, columns } of await readTables(sql)) {
    const written = columns.filter((column) => !column.generated);
    const values = written.map(({ name: column, type, parent }) => {
      const value = (parent && ids.get(parent)) ?? SAMPLES[type];
      if (value === undefined) throw new Error(`No sample for ${name}.${column} of type ${type}`);
      return `'${value}'`;
    });
    const names = written.map((column) => `"${column.name}"`);
    const [row] = await sql.unsafe<{ id: string | null; row: string }[]>(
      `insert into "${name}" as t (${names}) values (${values}) returning to_jsonb(t)->>'id' as id, to_jsonb(t)::text as row`,
    );
    if (row?.id) ids.set(name, row.id);
    rows.set(name, row?.row ?? "");
  }
  return rows;
}

describe("an upgrade", () => {
  const levels = journal.entries.map(({ tag }, index) => ({ tag, index })).slice(1);

  it.each(levels)("that begins with $tag keeps every row and every column of the level before", async ({ index }) => {
    const database = await createDatabase("empty");
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    try {
      await migrateDatabase(database.url, await migrationsUpTo(index));
      const before = await fill(sql);
      expect(before.size).toBeGreaterThan(20);
      await migrateDatabase(database.url);
      for (const [table, row] of before) {
        const kept = await sql`select 1 from ${sql(table)} t where to_jsonb(t) @> ${row}::text::jsonb`;
        expect(kept, `the row of ${table}`).toHaveLength(1);
      }
      const [applied] = await sql`select count(*)::int as count from drizzle.__drizzle_migrations`;
      expect(applied?.count).toBe(journal.entries.length);
    } finally {
      await sql.end();
      await database.drop();
    }
  });

  it("that several instances begin at once, through a pooler or not, happens once", async () => {
    const database = await createDatabase("empty");
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    try {
      await migrateDatabase(database.url, await migrationsUpTo(1));
      const pooled = `${database.url}?pgbouncer=true`;
      await Promise.all([database.url, pooled, database.url, pooled].map((url) => migrateDatabase(url)));
      const [applied] = await sql`select count(*)::int as count from drizzle.__drizzle_migrations`;
      expect(applied?.count).toBe(journal.entries.length);
    } finally {
      await sql.end();
      await database.drop();
    }
  });
});
