import "server-only";
import { eq, sql } from "drizzle-orm";
import { users } from "@/db/schema/users";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { requireLivingSession } from "@/lib/sessions/living";
import { revokeSessions } from "@/lib/sessions/sessions";
import { voidPending } from "@/lib/sessions/void-pending";
import { confirmPassword } from "./confirm-password";
import { hashPassword, requireGoodPassword } from "./password";

/**
 * Sets a new password, ends every other session and voids what was mailed or begun before. What else can open the account is listed by
 * `listAccess`. 400 when the present one is wrong, 422 when the new one is not good enough.
 */
export async function changePassword(
  viewer: Viewer,
  input: { current_password: string; password: string },
): Promise<{ message: string; sessions_ended: number }> {
  await confirmPassword(viewer, input.current_password, "current_password");
  requireGoodPassword(input.password, viewer.email);
  const passwordHash = await hashPassword(input.password);
  const ended = await withTransaction(viewer, async ({ tx, record }) => {
    await requireLivingSession(tx, viewer);
    await tx.update(users).set({ passwordHash, updatedAt: sql`now()` }).where(eq(users.id, viewer.userId));
    const count = await revokeSessions(tx, viewer.userId, viewer.sessionId);
    await voidPending(tx, viewer.userId);
    await record({ action: "password.changed", objectType: "user", objectId: viewer.userId });
    return count;
  });
  return { message: "The password was changed; all other sessions have ended", sessions_ended: ended };
}
