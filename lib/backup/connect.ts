import "server-only";
import postgres from "postgres";
import { APPLICATION } from "@/db/application";
import { promptSockets } from "@/db/socket";

/** A connection of its own, without the limits on time that requests live under. */
export async function withConnection<T>(url: string, use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const address = new URL(url);
  const isPooled = address.searchParams.get("pgbouncer") === "true";
  address.searchParams.delete("pgbouncer");
  const sql = postgres(address.toString(), {
    ...promptSockets(),
    max: 1,
    connect_timeout: 10,
    prepare: !isPooled,
    onnotice: () => {},
    connection: { application_name: `${APPLICATION}-backup` },
  });
  try {
    return await use(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
