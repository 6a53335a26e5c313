import "server-only";
import { and, desc, eq, ne, sql } from "drizzle-orm";
import { type Database, db } from "@/db/client";
import { sessions } from "@/db/schema/users";
import { lockOwner } from "@/lib/access/limits";
import { signSessionToken } from "@/lib/access/session-token";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { AppError } from "@/lib/base/errors";
import { pageOf } from "@/lib/base/page";
import { cut } from "@/lib/base/text";
import { living } from "./living";
import { voidPending } from "./void-pending";

/** Where a request comes from, kept with the session so that its owner recognises it. */
export type Device = { ip: string | null; userAgent: string | null };
export type NewSession = { userId: number; kind: "page" | "api"; hours: number; device: Device };
export type SignedSession = { sessionId: string; token: string; expiresAt: Date };

/** Sessions that one person may have at once. */
const MOST_SESSIONS = 50;

/**
 * Makes a session row and the JWT that names it, in the transaction given. Beyond 50 living ones the one that was not seen for longest ends, and
 * no more than that are remembered of those that have ended: who signs in again and again fills no table.
 */
export async function createSession(database: Database, input: NewSession): Promise<SignedSession> {
  await lockOwner(database, { userId: input.userId });
  const [row] = await database
    .insert(sessions)
    .values({
      userId: input.userId,
      kind: input.kind,
      ip: input.device.ip,
      userAgent: input.device.userAgent && cut(input.device.userAgent, 300),
      expiresAt: sql`now() + make_interval(hours => ${input.hours}::int)`,
    })
    .returning({ id: sessions.id, expiresAt: sessions.expiresAt });
  if (!row) throw new Error("The session was not stored");
  await database.execute(sql`
    delete from ${sessions} where ${sessions.id} in (
      select id from (
        select id, row_number() over (partition by revoked_at is null and expires_at > now() order by last_seen_at desc, created_at desc) as place
        from sessions where user_id = ${input.userId}) ranked
      where place > ${MOST_SESSIONS})`);
  const token = await signSessionToken({ userId: input.userId, sessionId: row.id }, row.expiresAt);
  return { sessionId: row.id, token, expiresAt: row.expiresAt };
}

/** Ends the viewer's own session: its JWT is refused from the next request on. */
export async function endSession(viewer: Viewer): Promise<{ message: string }> {
  await withTransaction(viewer, async ({ tx, record }) => {
    await tx
      .update(sessions)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(sessions.id, viewer.sessionId), living(viewer.userId)));
    await record({ action: "session.ended", objectType: "session", objectId: viewer.sessionId });
  });
  return { message: "You are signed out" };
}

/** Ends one of the viewer's sessions and what was begun, by it perhaps. 404 when there is no such living session of theirs. */
export async function endSessionById(viewer: Viewer, { id }: { id: string }): Promise<void> {
  await withTransaction(viewer, async ({ tx, record }) => {
    await lockOwner(tx, { userId: viewer.userId });
    const ended = await tx
      .update(sessions)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(sessions.id, id), living(viewer.userId)))
      .returning({ id: sessions.id });
    if (ended.length === 0) throw new AppError("not_found", "There is no such session");
    await voidPending(tx, viewer.userId);
    await record({ action: "session.ended", objectType: "session", objectId: id });
  });
}

/** Ends every session of the viewer but the present one, and what was begun, by one of them perhaps; gives back how many. */
export async function endOtherSessions(viewer: Viewer, _input?: unknown): Promise<{ ended: number }> {
  return withTransaction(viewer, async ({ tx, record }) => {
    await lockOwner(tx, { userId: viewer.userId });
    const ended = await revokeSessions(tx, viewer.userId, viewer.sessionId);
    await voidPending(tx, viewer.userId);
    await record({ action: "session.others_ended", detail: { ended } });
    return { ended };
  });
}

/** Ends all sessions of a person, but for one if it is given. The caller holds the person's row, and records why. */
export async function revokeSessions(database: Database, userId: number, except: string | null): Promise<number> {
  const ended = await database
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(except === null ? living(userId) : and(living(userId), ne(sessions.id, except)))
    .returning({ id: sessions.id });
  return ended.length;
}

/** The viewer's living sessions, last seen first. */
export async function listSessions(viewer: Viewer, { page, limit }: { page: number; limit: number }) {
  const total = await db().$count(sessions, living(viewer.userId));
  const rows = await db()
    .select()
    .from(sessions)
    .where(living(viewer.userId))
    .orderBy(desc(sessions.lastSeenAt), sessions.id)
    .limit(limit)
    .offset((page - 1) * limit);
  const items = rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    ip: row.ip,
    user_agent: row.userAgent,
    created_at: row.createdAt.toISOString(),
    last_seen_at: row.lastSeenAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
    current: row.id === viewer.sessionId,
  }));
  return pageOf(items, { page, limit }, total);
}
