import "server-only";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";

export type BroadcastAccount = {
  id: number;
  name: string;
  /** Workspaces that its keys are known to be in; empty until its first sync. */
  workspaces: { id: string; name: string }[];
};

/** The team's active management keys, and what is known here of their workspaces: OpenRouter is not asked. */
export async function listBroadcastAccounts(viewer: Viewer): Promise<BroadcastAccount[]> {
  const rows = await sql()<{ id: number; name: string; workspace_id: string | null; workspace: string | null }[]>`
    select distinct m.id, m.name, k.workspace_id, coalesce(k.workspace_name, k.workspace_id) as workspace
    from api_keys m left join api_keys k on k.management_key_id = m.id and k.workspace_id is not null and k.status <> 'deleted'
    where m.team_id = ${viewer.teamId} and m.kind = 'management' and m.is_active and m.ciphertext is not null
    order by m.name, m.id, workspace`;
  const accounts = new Map<number, BroadcastAccount>();
  for (const { id, name, workspace_id: workspaceId, workspace } of rows) {
    const account = accounts.get(id) ?? { id, name, workspaces: [] };
    if (workspaceId) account.workspaces.push({ id: workspaceId, name: workspace ?? workspaceId });
    accounts.set(id, account);
  }
  return [...accounts.values()];
}
