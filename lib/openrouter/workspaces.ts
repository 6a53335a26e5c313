import "server-only";
import { z } from "zod";
import { type Call, callOpenRouter } from "./client";
import { PAGE, readPages } from "./pages";
import { optional, parseAnswer, text } from "./wire";

const Workspace = z.object({
  id: text.pipe(z.string().min(1)),
  name: optional(text),
  slug: optional(text),
  is_observability_broadcast_enabled: optional(z.boolean()),
});
export type Workspace = z.output<typeof Workspace>;

/** `GET /workspaces`, all of them. Bad rows are counted, not fatal. */
export async function listWorkspaces(
  secret: string,
  call: Call = {},
): Promise<{ workspaces: Workspace[]; rejected: number }> {
  const rows = await readPages("the workspaces", (offset) =>
    callOpenRouter(secret, "/workspaces", { ...call, query: { offset, limit: PAGE } }),
  );
  const workspaces = rows.flatMap((row) => Workspace.safeParse(row).data ?? []);
  return { workspaces, rejected: rows.length - workspaces.length };
}

/** `GET /workspaces/{id}`. */
export async function readWorkspaceById(secret: string, id: string, call: Call = {}): Promise<Workspace> {
  const body = await callOpenRouter(secret, `/workspaces/${encodeURIComponent(id)}`, call);
  return parseAnswer(z.object({ data: Workspace }), body, "the workspace").data;
}
