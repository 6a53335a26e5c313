import "server-only";
import { eq, sql as text } from "drizzle-orm";
import { sql } from "@/db/client";
import { utcSecond } from "@/db/fragment";
import { broadcastConnections } from "@/db/schema/keys";
import { lockAndCount } from "@/lib/access/limits";
import { refuseForeign } from "@/lib/access/ownership";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { sha256 } from "@/lib/base/crypto";
import { AppError } from "@/lib/base/errors";
import { type Page, pageOf } from "@/lib/base/page";
import { requireLivingSession } from "@/lib/sessions/living";
import type { ConnectionView, CreateConnection, NewConnection } from "./schema";
import { newSecret } from "./secret";

/** Far more than the five destinations that OpenRouter takes per workspace. */
const MOST_CONNECTIONS = 50;

const iso = (column: string) =>
  sql().unsafe(`to_char(c.${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as ${column}`);

/** The team's connections, newest first; never their secrets. */
export async function listConnections(viewer: Viewer, page: Page) {
  const [count] = await sql()<{ total: number }[]>`
    select count(*)::int as total from broadcast_connections where team_id = ${viewer.teamId}`;
  const items = await sql()<ConnectionView[]>`
    select c.id, c.name, c.management_key_id, k.name as account, c.workspace_id, c.destination_id,
      coalesce((select max(w.workspace_name) from api_keys w
        where w.management_key_id = c.management_key_id and w.workspace_id = c.workspace_id), c.workspace_id) as workspace, ${iso("created_at")}, ${iso("last_received_at")},
      ${iso("last_tested_at")}, ${iso("last_unreadable_at")}
    from broadcast_connections c left join api_keys k on k.id = c.management_key_id
    where c.team_id = ${viewer.teamId} order by c.id desc limit ${page.limit} offset ${(page.page - 1) * page.limit}`;
  return pageOf([...items], page, count?.total ?? 0);
}

/**
 * A new connection with its secret, told this once. `origin` is where OpenRouter reaches this instance. Errors: 404/403 for a management key that is not the
 * team's, 400 at 50 connections.
 */
export async function createConnection(
  viewer: Viewer,
  input: CreateConnection,
  origin: string,
): Promise<NewConnection> {
  const managementKeyId = input.management_key_id ?? null;
  if (managementKeyId !== null) await requireManagementKey(viewer, managementKeyId);
  const secret = newSecret();
  const created = await withTransaction(viewer, async ({ tx, record }) => {
    await requireLivingSession(tx, viewer);
    await lockAndCount(tx, {
      owner: { teamId: viewer.teamId },
      table: broadcastConnections,
      where: eq(broadcastConnections.teamId, viewer.teamId),
      most: MOST_CONNECTIONS,
      detail: `A team can have ${MOST_CONNECTIONS} connections; delete one first`,
    });
    const [row] = await tx
      .insert(broadcastConnections)
      .values({
        teamId: viewer.teamId,
        managementKeyId,
        workspaceId: input.workspace_id ?? null,
        name: input.name,
        createdBy: viewer.userId,
        secretHash: sha256(secret),
      })
      .returning({ id: broadcastConnections.id, created_at: utcSecond(broadcastConnections.createdAt) });
    if (!row) throw new Error("PostgreSQL returned no row for a written connection");
    await record({
      action: "broadcast.connected",
      objectType: "broadcast_connection",
      objectId: row.id,
      detail: { name: input.name },
    });
    return row;
  });
  return {
    id: created.id,
    name: input.name,
    created_at: created.created_at,
    url: `${origin}/api/ingest/broadcast/${created.id}`,
    secret,
    header: { name: "Authorization", value: `Bearer ${secret}` },
  };
}

/** Deliveries of the connection are refused from now on. What it brought stays, and so does the destination at OpenRouter. */
export async function deleteConnection(viewer: Viewer, { id }: { id: number }): Promise<void> {
  await withTransaction(viewer, async ({ tx, record }) => {
    const rows = await tx.execute<{ name: string }>(
      text`delete from broadcast_connections where id = ${id} and team_id = ${viewer.teamId} returning name`,
    );
    if (!rows[0]) return refuseForeign("broadcast_connections", id);
    await record({
      action: "broadcast.disconnected",
      objectType: "broadcast_connection",
      objectId: id,
      detail: { name: rows[0].name },
    });
  });
}

/** A management key of the team; 404, or 403 when it is another team's, 400 when it is no management key. */
export async function requireManagementKey(
  viewer: Viewer,
  id: number,
): Promise<{ name: string; ciphertext: string | null; is_active: boolean }> {
  const [key] = await sql()<{ name: string; kind: string; ciphertext: string | null; is_active: boolean }[]>`
    select name, kind, ciphertext, is_active from api_keys where id = ${id} and team_id = ${viewer.teamId}`;
  if (!key) return refuseForeign("api_keys", id);
  if (key.kind !== "management") throw new AppError("bad_request", `${key.name} is not a management key`);
  return key;
}
