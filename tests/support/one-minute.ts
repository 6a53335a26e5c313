type Database = { unsafe(statement: string): PromiseLike<readonly Record<string, unknown>[]> };

/** Does it within one minute of the database's clock, where counters begin anew: once more, and from the start, when a minute ended meanwhile. */
export async function withinOneMinute<T>(sql: Database, run: () => Promise<T>): Promise<T> {
  const minute = async () => (await sql.unsafe("select date_trunc('minute', now())::text as minute"))[0]?.minute;
  for (;;) {
    const begun = await minute();
    const result = await run();
    if ((await minute()) === begun) return result;
  }
}
