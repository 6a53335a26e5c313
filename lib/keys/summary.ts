import "server-only";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";

/** How many keys the team has, and when the newest of them was synced (UTC); null before the first time. */
export async function readKeySummary(viewer: Viewer): Promise<{ total: number; last_synced_at: string | null }> {
  const [row] = await sql()<{ total: number; last_synced_at: string | null }[]>`
    select count(*)::int as total,
      to_char(max(last_synced_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as last_synced_at
    from api_keys where team_id = ${viewer.teamId}`;
  return row ?? { total: 0, last_synced_at: null };
}
