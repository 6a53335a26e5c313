/** A transaction pooler (PgBouncer, Supavisor) cannot keep prepared statements apart; its users say so in the URL, which PostgreSQL itself must not see. */
export function readAddress(databaseUrl: string): { url: string; prepare: boolean } {
  const url = new URL(databaseUrl);
  const isPooled = url.searchParams.get("pgbouncer") === "true";
  url.searchParams.delete("pgbouncer");
  return { url: url.toString(), prepare: !isPooled };
}
