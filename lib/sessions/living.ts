import "server-only";
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { sessions } from "@/db/schema/users";
import { lockOwner } from "@/lib/access/limits";
import type { Viewer } from "@/lib/access/viewer";
import { AppError } from "@/lib/base/errors";

/** Sessions of a person that open something. */
export const living = (userId: number) =>
  and(eq(sessions.userId, userId), isNull(sessions.revokedAt), gt(sessions.expiresAt, sql`now()`));

/**
 * Holds the person's row and refuses (401) whoever was signed out since the request began. Whatever ends sessions holds that row too, so what a
 * session makes is either there to be found when it ends, or is not made.
 */
export async function requireLivingSession(tx: Database, { userId, sessionId }: Viewer): Promise<void> {
  await lockOwner(tx, { userId });
  if ((await tx.$count(sessions, and(living(userId), eq(sessions.id, sessionId)))) === 0)
    throw new AppError("unauthorized", "You are signed out. Please sign in again.");
}
