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
  state: string | null;
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

/**
 * What a person's pages are made of, told by versions, as it is at this moment: as long as it is the same, so is a page. Found by the same
 * statement, so it is null wherever there is no viewer; and while a sync is under way, whose progress has no version.
 */
export async function stateOfSession(token: string, ip: string | null): Promise<string | null> {
  const claims = await readSessionToken(token);
  const row = claims && (await findRow(claims, ip, STATE));
  return row?.state ?? null;
}

/**
 * `xmin` is the transaction that wrote a row: it changes with the row. Rows that come, change or go change the sum or the count of many.
 */
const STATE = `
  case when not exists (select from sync_runs r where r.team_id = m.team_id and r.finished_at is null) then
    concat_ws(' ', m.user_id, m.team_id, u.xmin, m.xmin, (select t.xmin from teams t where t.id = m.team_id),
      (select concat(count(*), '/', sum(k.xmin::text::bigint)) from api_keys k where k.team_id = m.team_id),
      (select concat(count(*), '/', sum(v.xmin::text::bigint)) from saved_views v where v.team_id = m.team_id and v.user_id = m.user_id))
  end`;

async function findRow(claims: Claims, ip: string | null, state = "null"): Promise<Row | undefined> {
  try {
    return await readRow(claims, ip, state, true);
  } catch (error) {
    // Who is asking can be read from a full disk; only that they were seen cannot be noted.
    if (isDiskFull(error)) return readRow(claims, ip, state, false);
    throw error;
  }
}

async function readRow(claims: Claims, ip: string | null, state: string, isNoted: boolean): Promise<Row | undefined> {
  const [row] = await sql()<Row[]>`
    with seen as (
      update sessions set last_seen_at = now(), ip = coalesce(${ip}, ip)
      where id = ${claims.sessionId} and last_seen_at < now() - ${SEEN_EVERY}::interval and ${isNoted}
    )
    select m.team_id, m.role, u.email, u.name, u.is_admin, u.timezone, u.locale, u.theme, ${sql().unsafe(state)} as state
    from sessions s
    join users u on u.id = s.user_id and u.is_active
    join members m on m.user_id = u.id
    where s.id = ${claims.sessionId} and s.user_id = ${claims.userId} and s.revoked_at is null
      and s.expires_at > now() and to_timestamp(${claims.expires}::double precision) > now()
    order by (m.role = 'owner') desc, m.created_at
    limit 1`;
  return row;
}
