import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { mailedLinks, passkeyChallenges, users } from "@/db/schema/users";

/**
 * Takes back what was begun for a person and could still open the account: mailed links of every purpose, passkeys that are being registered or
 * asked for, an authenticator app that is being set up. To be done wherever what proved the person changes, after the sessions that must end
 * have ended: what such a session begins at the same moment is then found here, or refused by `requireLivingSession`.
 */
export async function voidPending(database: Database, userId: number): Promise<void> {
  await database
    .update(mailedLinks)
    .set({ usedAt: sql`now()` })
    .where(and(eq(mailedLinks.userId, userId), isNull(mailedLinks.usedAt)));
  await database.delete(passkeyChallenges).where(eq(passkeyChallenges.userId, userId));
  await database
    .update(users)
    .set({ totpSecret: null, totpLastStep: null })
    .where(and(eq(users.id, userId), isNull(users.totpEnabledAt)));
}
