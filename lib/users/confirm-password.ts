import "server-only";
import { and, eq, gt, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema/users";
import type { Viewer } from "@/lib/access/viewer";
import { AppError } from "@/lib/base/errors";
import { limitAttempts, refundAttempt } from "./attempts";
import { isPassword } from "./password";

/**
 * Asks for the password again before something that a stolen session must not do. 400 when it is wrong, 429 after too many tries.
 * People without a password set one by the link of "forgotten password" first.
 */
export async function confirmPassword(viewer: Viewer, password: string, field = "password"): Promise<void> {
  const attempt = { purpose: "confirm", ip: viewer.ip, email: viewer.email } as const;
  await limitAttempts(attempt);
  const [user] = await db().select({ hash: users.passwordHash }).from(users).where(eq(users.id, viewer.userId));
  if (!(await isPassword(password, user?.hash))) {
    const detail = user?.hash
      ? "The password is not right"
      : "This account has no password yet: set one by the link of “Forgotten password”";
    throw new AppError("bad_request", detail, { errors: [{ field, message: "is not right" }] });
  }
  await refundAttempt(attempt);
}

const FRESH_MINUTES = 15;

/**
 * The same before a way to sign in is added or taken away, where people without a password must be able to come along: they confirm by having
 * signed in within the last 15 minutes. 400 otherwise.
 */
export async function confirmPerson(viewer: Viewer, { password }: { password?: string | undefined }): Promise<void> {
  const [user] = await db().select({ hash: users.passwordHash }).from(users).where(eq(users.id, viewer.userId));
  if (user?.hash) return confirmPassword(viewer, password ?? "");
  const begun = gt(sessions.createdAt, sql`now() - make_interval(mins => ${FRESH_MINUTES}::int)`);
  if ((await db().$count(sessions, and(eq(sessions.id, viewer.sessionId), begun))) === 0)
    throw new AppError("bad_request", "You signed in a while ago: please sign out, sign in again, and repeat this");
}
