import "server-only";
import { sql } from "@/db/client";
import type { Role } from "@/db/schema/enums";
import { isDiskFull } from "@/lib/base/errors";
import { readSessionToken } from "./session-token";
import { makeViewer, reachOf, type Viewer } from "./viewer";

type Row = {
  team_id: number;
  role: Role;
  email: string;
  name: string | null;
  is_admin: boolean;
  timezone: string;
  locale: string;
  theme: string;
};

type Claims = NonNullable<Awaited<ReturnType<typeof readSessionToken>>>;

/** `last_seen_at` is kept to the minute: it need not cost a write per request. */
const SEEN_EVERY = "1 minute";

/**
 * The viewer that a session JWT stands for, or null. One statement: the session lives, its user is active, the token is in time, and it was seen.
 */
export async function viewerOfSession(token: string, ip: string | null): Promise<Viewer | null> {
  const claims = await readSessionToken(token);
  const row = claims && (await findRow(claims, ip));
  if (!row) return null;
  return makeViewer({
    userId: claims.userId,
    sessionId: claims.sessionId,
    teamId: row.team_id,
    role: row.role,
    reach: reachOf(row.role),
    email: row.email,
    name: row.name,
    isAdmin: row.is_admin,
    timezone: row.timezone,
    locale: row.locale,
    theme: row.theme,
    ip,
  });
}

async function findRow(claims: Claims, ip: string | null): Promise<Row | undefined> {
  try {
    return await readRow(claims, ip, true);
  } catch (error) {
    // Who is asking can be read from a full disk; only that they were seen cannot be noted.
    if (isDiskFull(error)) return readRow(claims, ip, false);
    throw error;
  }
}

async function readRow(claims: Claims, ip: string | null, isNoted: boolean): Promise<Row | undefined> {
  const [row] = await sql()<Row[]>`
    with seen as (
      update sessions set last_seen_at = now(), ip = coalesce(${ip}, ip)
      where id = ${claims.sessionId} and last_seen_at < now() - ${SEEN_EVERY}::interval and ${isNoted}
    )
    select m.team_id, m.role, u.email, u.name, u.is_admin, u.timezone, u.locale, u.theme
    from sessions s
    join users u on u.id = s.user_id and u.is_active
    join members m on m.user_id = u.id
    where s.id = ${claims.sessionId} and s.user_id = ${claims.userId} and s.revoked_at is null
      and s.expires_at > now() and to_timestamp(${claims.expires}::double precision) > now()
    order by (m.role = 'owner') desc, m.created_at
    limit 1`;
  return row;
}
