import "server-only";
import { z } from "zod";
import { callOpenRouter } from "./client";
import { UpstreamError } from "./errors";
import { parseAnswer, text } from "./wire";
import { listWorkspaces, readWorkspaceById, type Workspace } from "./workspaces";

/**
 * Broadcast at OpenRouter, by a management key. These are the only calls of ours that change something there, and only for the button that says so.
 */

/**
 * A workspace by its id, `GET /workspaces/{id}`; without one the account's default, which is the one of the slug `default` or the first listed. Null where OpenRouter
 * does not let this account see workspaces.
 */
export async function readWorkspace(secret: string, id: string | null): Promise<Workspace | null> {
  try {
    if (id !== null) return await readWorkspaceById(secret, id, { retries: 0 });
    const { workspaces } = await listWorkspaces(secret, { retries: 0 });
    return workspaces.find((workspace) => workspace.slug === "default") ?? workspaces[0] ?? null;
  } catch (error) {
    if (id === null && error instanceof UpstreamError && error.isRefusal) return null;
    throw error;
  }
}

/** Switches Broadcast on for a workspace: without it, its destinations get nothing. */
export async function switchBroadcastOn(secret: string, workspaceId: string): Promise<void> {
  await callOpenRouter(secret, `/workspaces/${encodeURIComponent(workspaceId)}`, {
    method: "PATCH",
    body: { is_observability_broadcast_enabled: true },
    retries: 0,
  });
}

export type Webhook = { name: string; workspaceId: string | null; url: string; authorization: string };

/**
 * `POST /observability/destinations` of the type webhook: every request, without prompts and answers. Answers OpenRouter's id of it. OpenRouter takes five of a type
 * per workspace and says so with 409 beyond. Tried once: a second try could make a second one.
 */
export async function createWebhook(secret: string, webhook: Webhook): Promise<string> {
  const body = await callOpenRouter(secret, "/observability/destinations", {
    method: "POST",
    body: {
      type: "webhook",
      name: webhook.name,
      ...(webhook.workspaceId !== null && { workspace_id: webhook.workspaceId }),
      config: { url: webhook.url, method: "POST", headers: { Authorization: webhook.authorization } },
      privacy_mode: true,
      sampling_rate: 1,
    },
    retries: 0,
  });
  return parseAnswer(z.object({ data: z.object({ id: text }) }), body, "the destination").data.id;
}
