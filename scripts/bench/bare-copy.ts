import { once } from "node:events";
import postgres from "postgres";

type Rows<Row> = {
  /** The table that has such rows. */
  like: "usage_hours" | "generations";
  columns: string;
  rows: Row[];
  /** A row as COPY reads it, without the end of the line; no value in it needs escaping. */
  lineOf: (row: Row, index: number) => string;
};

/** How long the work took, in seconds. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/**
 * Seconds in which PostgreSQL takes rows by COPY into a table without indexes, keys and triggers: no way of writing them is faster. Counted from our
 * rows to rows in the table, as the writing is that it is held against; the connection is open.
 */
export async function timeBareCopy<Row>(url: string, { like, columns, rows, lineOf }: Rows<Row>): Promise<number> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`create table unindexed (like ${sql(like)})`;
  const took = await seconds(async () => {
    const text = rows.map((row, index) => `${lineOf(row, index)}\n`).join("");
    const stream = await sql.unsafe(`copy unindexed (${columns}) from stdin`).writable();
    stream.end(text);
    await once(stream, "finish");
  });
  await sql`drop table unindexed`;
  await sql.end();
  return took;
}
