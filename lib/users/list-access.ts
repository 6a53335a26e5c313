import "server-only";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import type { AccessView } from "./access-schema";

/**
 * Everything besides the password and this very session by which the viewer's account can be opened, or by which something that they made shows
 * or takes in figures: by kind, newest first. All of it is bounded by limits of its own.
 */
export async function listAccess({ userId, teamId, sessionId }: Viewer): Promise<{ items: AccessView[] }> {
  const items = await sql()<AccessView[]>`
    select kind, id, name, ${utc("created_at")}, ${utc("last_used_at")} from (
      select 1 as place, 'session' as kind, id::text, user_agent as name, created_at, last_seen_at as last_used_at from sessions
        where user_id = ${userId} and id <> ${sessionId} and revoked_at is null and expires_at > now()
      union all
      select 2, 'passkey', id::text, name, created_at, last_used_at from passkeys where user_id = ${userId}
      union all
      select 3, 'service', provider, provider, created_at, null from accounts where user_id = ${userId}
      union all
      select 4, 'api_token', id::text, name, created_at, last_used_at from api_tokens
        where team_id = ${teamId} and created_by = ${userId} and revoked_at is null and (expires_at is null or expires_at > now())
      union all
      select 5, 'badge', b.id::text, k.name, b.created_at, null from badges b left join api_keys k on k.id = b.api_key_id
        where b.team_id = ${teamId} and b.created_by = ${userId} and b.revoked_at is null
      union all
      select 6, 'broadcast_connection', id::text, name, created_at, last_received_at from broadcast_connections
        where team_id = ${teamId} and created_by = ${userId}
    ) found order by place, created_at desc, id`;
  return { items: [...items] };
}

const utc = (column: string) =>
  sql().unsafe(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as ${column}`);
