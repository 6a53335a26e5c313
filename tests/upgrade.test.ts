import { readFile } from "node:fs/promises";
import path from "node:path";
import postgres from "postgres";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { knownMigrations, migrateDatabase } from "@/db/migrate";
import { createDatabase } from "./support/database";

const drizzle = path.join(import.meta.dirname, "../drizzle");
const Journal = z.looseObject({ entries: z.array(z.looseObject({ tag: z.string() })) });
const journal = Journal.parse(JSON.parse(await readFile(path.join(drizzle, "meta/_journal.json"), "utf8")));

/** The migrations as they were when only the first `count` existed. */
const migrationsUpTo = (count: number) => knownMigrations().slice(0, count);

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
        -- Tables of usage and of requests have triggers in the place of foreign keys.
        case when t.relname like 'usage%' or t.relname = 'generations' then case a.attname
          when 'team_id' then 'teams' when 'api_key_id' then 'api_keys' when 'connection_id' then 'broadcast_connections' end end) as parent
    from pg_class t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
    where t.relkind = 'r' and t.relnamespace = quote_ident(current_schema())::regnamespace and t.relname <> '__drizzle_migrations'
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

/** Puts a row into every table, with something in every column, or in those alone that a level knows. Answers the rows as JSON texts. */
async function fill(sql: postgres.Sql, known?: Map<string, string[]>): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const rows = new Map<string, string>();
  for (const { name, columns } of await readTables(sql)) {
    if (known && !known.has(name)) continue;
    const written = columns.filter(
      ({ name: column, generated }) => !generated && (known?.get(name)?.includes(column) ?? true),
    );
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
      await migrateDatabase(database.url, migrationsUpTo(index));
      const before = await fill(sql);
      expect(before.size).toBeGreaterThan(20);
      await migrateDatabase(database.url);
      for (const [table, row] of before) {
        const kept = await sql`select 1 from ${sql(table)} t where to_jsonb(t) @> ${row}::text::jsonb`;
        expect(kept, `the row of ${table}`).toHaveLength(1);
      }
      const [applied] = await sql`select count(*)::int as count from __drizzle_migrations`;
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
      await migrateDatabase(database.url, migrationsUpTo(1));
      const pooled = `${database.url}&pgbouncer=true`;
      await Promise.all([database.url, pooled, database.url, pooled].map((url) => migrateDatabase(url)));
      const [applied] = await sql`select count(*)::int as count from __drizzle_migrations`;
      expect(applied?.count).toBe(journal.entries.length);
    } finally {
      await sql.end();
      await database.drop();
    }
  });
});

const Named = z.record(z.string(), z.object({ name: z.string(), isUnique: z.boolean().default(true) }));
const Snapshot = z.object({
  tables: z.record(
    z.string(),
    z.object({
      name: z.string(),
      columns: Named,
      indexes: Named,
      uniqueConstraints: Named,
      compositePrimaryKeys: Named,
    }),
  ),
});

/** The schema as the application of a level knew it. */
async function schemaOf(index: number) {
  const file = path.join(drizzle, `meta/${String(index).padStart(4, "0")}_snapshot.json`);
  return Object.values(Snapshot.parse(JSON.parse(await readFile(file, "utf8"))).tables);
}

const namesIn = (named: z.output<typeof Named>): string[] => Object.values(named).map(({ name }) => name);

describe("a roll-out, during which the version before runs on this schema", () => {
  const before = journal.entries.map(({ tag }, index) => ({ tag, index })).slice(0, -1);

  it.each(before)(
    "lets the application of the level of $tag write, read, change and delete all that it knows",
    async ({ index }) => {
      const database = await createDatabase();
      const sql = postgres(database.url, { max: 1, onnotice: () => {} });
      try {
        const schema = await schemaOf(index);
        const known = new Map(schema.map((table) => [table.name, namesIn(table.columns)]));
        const written = await fill(sql, known);
        expect([...written.keys()].sort()).toEqual([...known.keys()].sort());
        for (const { name, columns } of schema) {
          const list = namesIn(columns).map((column) => `"${column}"`);
          expect(await sql.unsafe(`select ${list} from "${name}"`), name).toHaveLength(1);
          const changed = list.filter((column) => column !== '"id"');
          // The audit log only grows, in every version.
          if (name === "audit_events") continue;
          await sql.unsafe(`update "${name}" set ${changed.map((column) => `${column} = ${column}`)}`);
        }
        // What an `on conflict` or a refusal names is there under the same name.
        const named = schema.flatMap((table) =>
          [table.indexes, table.uniqueConstraints, table.compositePrimaryKeys].flatMap((some) =>
            namesIn(Object.fromEntries(Object.entries(some).filter(([, one]) => one.isUnique))),
          ),
        );
        const there = await sql<{ name: string }[]>`select relname as name from pg_class where relkind = 'i'`;
        const names = new Set(there.map((row) => row.name));
        expect(named.filter((name) => !names.has(name))).toEqual([]);
        // And what belongs to a team goes with it, by whatever means.
        await sql`delete from users`;
        await sql`delete from teams`;
        const owned = schema.filter((table) => "team_id" in table.columns && table.name !== "audit_events");
        for (const { name } of owned) expect(await sql`select 1 from ${sql(name)}`, name).toHaveLength(0);
      } finally {
        await sql.end();
        await database.drop();
      }
    },
  );

  /** What takes nothing from code that does not know of it; the tables that a migration makes are its own. */
  function isAdditive(statement: string, own: ReadonlySet<string>): boolean {
    const [, table = ""] = /^(?:alter table|create (?:unique )?index .*? on) "?(\w+)"?/i.exec(statement) ?? [];
    if (/^create (table|function|trigger|index)\b/i.test(statement)) return true;
    // Rules that are there hold for every session.
    if (
      /^do \$\$[^;]*;[^;]*loop\s+execute format\('alter table %s enable always trigger %i'[^;]*;\s*end loop;\s*end;\s*\$\$;$/i.test(
        statement,
      )
    )
      return true;
    if (/^create unique index\b/i.test(statement)) return own.has(table);
    if (/^alter table "?\w+"? set (unlogged|\()/i.test(statement)) return true;
    if (/^alter table "?\w+"? add column/i.test(statement))
      return !/ not null/i.test(statement) || / default /i.test(statement);
    // Whoever reads such a column as an integer (Drizzle) still gets the number.
    if (/^alter table "?\w+"? alter column "?\w+"? set data type bigint;?$/i.test(statement)) return true;
    // Rows go with their owner, and unique names stay: that is tried above.
    if (/^alter table "?\w+"? drop constraint "\w+_fk"|^drop index\b/i.test(statement)) return true;
    return /^alter table "?\w+"? add constraint/i.test(statement) && own.has(table);
  }

  const statementsOf = (text: string): string[] =>
    text
      .split("--> statement-breakpoint")
      .map((statement) => statement.replace(/^\s*--.*$/gm, "").trim())
      .filter(Boolean);

  const takingAway = (text: string): string[] => {
    const statements = statementsOf(text);
    const own = new Set(statements.flatMap((one) => /^create table "?(\w+)/i.exec(one)?.[1] ?? []));
    return statements.filter((statement) => !isAdditive(statement, own));
  };

  it.each(journal.entries.slice(1))("finds nothing taken away by $tag", async ({ tag }) => {
    expect(takingAway(await readFile(path.join(drizzle, `${tag}.sql`), "utf8"))).toEqual([]);
  });

  it.each([
    'DROP TABLE "leases";',
    'ALTER TABLE "users" DROP COLUMN "name";',
    'ALTER TABLE "users" RENAME COLUMN "name" TO "called";',
    'ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL;',
    'ALTER TABLE "users" ALTER COLUMN "name" SET DATA TYPE integer;',
    'ALTER TABLE "users" ADD COLUMN "age" integer NOT NULL;',
    'ALTER TABLE "users" ADD CONSTRAINT "adult" CHECK (age > 17);',
    'CREATE UNIQUE INDEX "users_name" ON "users" USING btree ("name");',
  ])("would find %s", (statement) => {
    expect(takingAway(statement)).toEqual([statement]);
  });
});
