import "server-only";
import type postgres from "postgres";
import { JOURNAL } from "@/db/application";
import type { Sequence, Table } from "./format";

type Transaction = postgres.TransactionSql;

/**
 * Our tables, which are those of the current schema, with the columns that can be written, each after the ones that it
 * refers to.
 */
export async function readTables(transaction: Transaction): Promise<Table[]> {
  const tables = await transaction<(Table & { needs: string[] })[]>`
    select c.relname as table,
      (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      array(select distinct t.relname::text from pg_constraint f join pg_class t on t.oid = f.confrelid
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as needs
    from pg_class c where c.relnamespace = quote_ident(current_schema())::regnamespace and c.relkind = 'r' and c.relname <> ${JOURNAL} order by c.relname`;
  const ordered: Table[] = [];
  const waiting = new Map(tables.map((one) => [one.table, one]));
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(({ needs }) => !needs.some((name) => waiting.has(name)));
    if (ready.length === 0) throw new Error(`These tables refer to each other: ${[...waiting.keys()].join(", ")}`);
    for (const { table, columns } of ready) {
      ordered.push({ table, columns });
      waiting.delete(table);
    }
  }
  return ordered;
}

/** What the identity columns will give out next. Sequences know no snapshot: a number may be skipped, never given twice. */
export async function readSequences(transaction: Transaction): Promise<Sequence[]> {
  const owned = await transaction<{ table: string; column: string; sequence: string }[]>`
    select t.relname as table, a.attname as column, s.relname as sequence
    from pg_class s join pg_depend d on d.objid = s.oid and d.deptype in ('a', 'i') and d.classid = 'pg_class'::regclass
      join pg_class t on t.oid = d.refobjid join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
    where s.relkind = 'S' and t.relnamespace = quote_ident(current_schema())::regnamespace and t.relname <> ${JOURNAL} order by t.relname, a.attname`;
  const sequences: Sequence[] = [];
  for (const { table, column, sequence } of owned) {
    const [row] = await transaction<{ next: string }[]>`
      select (last_value + is_called::int)::text as next from ${transaction(sequence)}`;
    if (row) sequences.push({ table, column, next: row.next });
  }
  return sequences;
}
