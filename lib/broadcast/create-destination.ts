import "server-only";
import { and, eq } from "drizzle-orm";
import { broadcastConnections } from "@/db/schema/keys";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { AppError } from "@/lib/base/errors";
import { cut } from "@/lib/base/text";
import { openKey } from "@/lib/credentials/secret";
import { createWebhook, readWorkspace, switchBroadcastOn } from "@/lib/openrouter/destinations";
import { UpstreamError } from "@/lib/openrouter/errors";
import { createConnection, deleteConnection, requireManagementKey } from "./connections";
import type { CreateDestination, NewConnection, NewDestination } from "./schema";

/**
 * Makes a connection and, with the management key, its destination at OpenRouter; switches Broadcast on in the workspace first where it is off. The one thing that a
 * management key is used for beyond reading, and only when a person asks. Errors: 400 for another kind of key, 409 when it is switched off,
 * 502 with OpenRouter's own words; then no connection is left behind.
 */
export async function createDestination(
  viewer: Viewer,
  input: CreateDestination,
  origin: string,
): Promise<NewDestination> {
  const key = await requireManagementKey(viewer, input.management_key_id);
  if (!key.is_active || !key.ciphertext) {
    throw new AppError("conflict", `${key.name} is switched off; activate it to use it`);
  }
  const name = cut(`Broadcast of ${key.name}`, 100);
  const connection = await createConnection(viewer, { ...input, name }, origin);
  try {
    const secret = openKey(input.management_key_id, key.ciphertext);
    const made = await setUpAtOpenRouter(secret, input.workspace_id ?? null, connection);
    await saveDestination(viewer, connection.id, made);
    const { workspaceId: _, ...destination } = made;
    return { id: connection.id, name, ...destination };
  } catch (error) {
    await deleteConnection(viewer, connection);
    if (error instanceof UpstreamError) throw new AppError("upstream_failed", error.message);
    throw error;
  }
}

type Made = Pick<NewDestination, "destination_id" | "workspace" | "switched_on"> & { workspaceId: string | null };

async function setUpAtOpenRouter(secret: string, workspaceId: string | null, connection: NewConnection): Promise<Made> {
  const workspace = await readWorkspace(secret, workspaceId);
  const isOff = workspace?.is_observability_broadcast_enabled === false;
  if (workspace && isOff) await switchBroadcastOn(secret, workspace.id);
  const webhook = {
    name: "OpenRouter Monitor",
    workspaceId: workspace?.id ?? workspaceId,
    url: connection.url,
    authorization: connection.header.value,
  };
  const destinationId = await createWebhook(secret, webhook);
  const { workspaceId: created } = webhook;
  return {
    destination_id: destinationId,
    workspace: workspace?.name ?? null,
    workspaceId: created,
    switched_on: isOff,
  };
}

async function saveDestination(viewer: Viewer, id: number, made: Made): Promise<void> {
  await withTransaction(viewer, async ({ tx, record }) => {
    await tx
      .update(broadcastConnections)
      .set({ destinationId: made.destination_id, workspaceId: made.workspaceId })
      .where(and(eq(broadcastConnections.id, id), eq(broadcastConnections.teamId, viewer.teamId)));
    await record({
      action: "broadcast.destination_created",
      objectType: "broadcast_connection",
      objectId: id,
      detail: made,
    });
  });
}
