import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import type { Database } from "@/db/client";
import { recoveryCodes, users } from "@/db/schema/users";

/**
 * Turns second factors off that were turned on before the mailbox was `proven` (null: it never was), and answers whether there was one: they
 * are whoever registered the address first's, and would keep the mailbox's owner out. Later ones stay, or a mailbox alone would open every
 * account. A passkey is gone with the others then: a recovery code takes its place, and where none is left it is asked for no longer.
 */
export async function deleteFactors(tx: Database, userId: number, proven: Date | null): Promise<boolean> {
  const person = eq(users.id, userId);
  const [user] = await tx
    .select({ app: users.totpEnabledAt, passkey: users.passkeyFactorAt })
    .from(users)
    .where(person);
  const isTheirs = (since: Date | null | undefined): boolean => Boolean(since && proven && since > proven);
  const codes = and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt));
  const keepsApp = isTheirs(user?.app);
  const keepsCodes = [user?.app, user?.passkey].every((since) => !since || isTheirs(since));
  const keepsPasskey = keepsCodes && isTheirs(user?.passkey) && (await tx.$count(recoveryCodes, codes)) > 0;
  await tx
    .update(users)
    .set({
      ...(!keepsApp && { totpSecret: null, totpEnabledAt: null, totpLastStep: null }),
      ...(!keepsPasskey && { passkeyFactorAt: null }),
    })
    .where(person);
  if (!keepsCodes || !(keepsApp || keepsPasskey))
    await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  return Boolean((user?.app && !keepsApp) || (user?.passkey && !keepsPasskey));
}
