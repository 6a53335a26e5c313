import "server-only";
import { sql } from "@/db/client";
import { AppError } from "@/lib/base/errors";

/** Tables whose rows belong to a team. */
export type OwnedTable = "api_keys" | "api_tokens" | "sync_runs" | "broadcast_connections" | "saved_views" | "badges";

/**
 * Tells, after a statement that has the team in its WHERE found no row, whether the row is somebody else's (403) or nobody's (404). Always throws.
 */
export async function refuseForeign(table: OwnedTable, id: number): Promise<never> {
  const [row] = await sql()`select 1 from ${sql()(table)} where id = ${id}`;
  if (row) throw new AppError("forbidden", "This belongs to another team");
  throw new AppError("not_found", "There is no such thing here");
}
