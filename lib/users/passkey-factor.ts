import "server-only";
import { and, eq, isNotNull, sql } from "drizzle-orm";
import { passkeys, users } from "@/db/schema/users";
import { type Change, withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { AppError } from "@/lib/base/errors";
import { confirmPassword } from "./confirm-password";
import { countCodes, dropUselessCodes, replaceCodes } from "./recovery-codes";

/**
 * Asks for a passkey, too, whenever somebody signs in by password. Gives recovery codes, this once, unless the person has some already
 * (then an empty list). 400 when the password is wrong or there is no passkey to ask for.
 */
export async function requirePasskey(viewer: Viewer, { password }: { password: string }): Promise<{ codes: string[] }> {
  await confirmPassword(viewer, password);
  return withTransaction(viewer, async ({ tx, record }) => {
    // The lock keeps the last passkey from being removed meanwhile.
    await tx.select({ id: users.id }).from(users).where(eq(users.id, viewer.userId)).for("no key update");
    if ((await tx.$count(passkeys, eq(passkeys.userId, viewer.userId))) === 0)
      throw new AppError("bad_request", "Add a passkey first");
    await tx
      .update(users)
      .set({ passkeyFactorAt: sql`coalesce(${users.passkeyFactorAt}, now())` })
      .where(eq(users.id, viewer.userId));
    await record({
      action: "two_factor.enabled",
      objectType: "user",
      objectId: viewer.userId,
      detail: { by: "passkey" },
    });
    return { codes: (await countCodes(tx, viewer.userId)) > 0 ? [] : await replaceCodes(tx, viewer.userId) };
  });
}

/** Asks for a passkey no longer after the password. 400 when the password is wrong. */
export async function requirePasskeyNoLonger(viewer: Viewer, { password }: { password: string }): Promise<void> {
  await confirmPassword(viewer, password);
  await withTransaction(viewer, (change) => endPasskeyFactor(change, viewer));
}

/** Does nothing for people who are not asked for a passkey. */
export async function endPasskeyFactor({ tx, record }: Change, viewer: Viewer): Promise<void> {
  const ended = await tx
    .update(users)
    .set({ passkeyFactorAt: null })
    .where(and(eq(users.id, viewer.userId), isNotNull(users.passkeyFactorAt)))
    .returning({ id: users.id });
  if (ended.length === 0) return record(null);
  await dropUselessCodes(tx, viewer.userId);
  await record({
    action: "two_factor.disabled",
    objectType: "user",
    objectId: viewer.userId,
    detail: { by: "passkey" },
  });
}
