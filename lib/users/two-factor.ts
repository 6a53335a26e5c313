import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { Secret } from "otpauth";
import QRCode from "qrcode";
import { db } from "@/db/client";
import { users } from "@/db/schema/users";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { readableEmail } from "@/lib/base/email";
import { AppError } from "@/lib/base/errors";
import { requireLivingSession } from "@/lib/sessions/living";
import { limitAttempts, refundAttempt } from "./attempts";
import { confirmPassword } from "./confirm-password";
import { countCodes, dropUselessCodes, replaceCodes } from "./recovery-codes";
import { isSecondFactor, sealTotpSecret, totpOf } from "./second-factor";

/** What is asked for after the password, and how many recovery codes are left. */
export async function readTwoFactor(viewer: Viewer) {
  const [user] = await db()
    .select({
      app: sql<boolean>`${users.totpEnabledAt} is not null`,
      passkey: sql<boolean>`${users.passkeyFactorAt} is not null`,
    })
    .from(users)
    .where(eq(users.id, viewer.userId));
  if (!user) throw new AppError("not_found", "The account is gone");
  return { ...user, recovery_codes_left: await countCodes(db(), viewer.userId) };
}

/** Makes a secret for the authenticator app; it counts only once a code of it was entered. `qr` is a PNG as a data URL. 400 when it is on already. */
export async function beginTwoFactor(viewer: Viewer, { password }: { password: string }) {
  await confirmPassword(viewer, password);
  const sealed = sealTotpSecret(viewer.userId, new Secret({ size: 20 }).base32);
  await withTransaction(viewer, async ({ tx, record }) => {
    const begun = await tx
      .update(users)
      .set({ totpSecret: sealed, totpLastStep: null })
      .where(and(eq(users.id, viewer.userId), isNull(users.totpEnabledAt)))
      .returning({ id: users.id });
    if (begun.length === 0) throw new AppError("bad_request", "Two-factor sign-in is on already");
    await record({ action: "two_factor.begun", objectType: "user", objectId: viewer.userId });
  });
  const totp = totpOf(viewer.userId, sealed, readableEmail(viewer.email));
  return { secret: totp.secret.base32, qr: await QRCode.toDataURL(totp.toString(), { margin: 2, width: 220 }) };
}

/** Turns the app on as second factor with a first code of the app; gives the recovery codes, this once. 400 when the code is wrong. */
export async function enableTwoFactor(viewer: Viewer, { code }: { code: string }): Promise<{ codes: string[] }> {
  const attempt = { purpose: "confirm", ip: viewer.ip, email: viewer.email } as const;
  await limitAttempts(attempt);
  const [user] = await db()
    .select({ id: users.id, totpSecret: users.totpSecret })
    .from(users)
    .where(and(eq(users.id, viewer.userId), isNull(users.totpEnabledAt)));
  // A recovery code of an earlier set-up proves nothing about this app.
  if (!user || !/^[\d\s-]{6,8}$/.test(code) || !(await isSecondFactor(user, code))) {
    throw new AppError("bad_request", "The code is not right", {
      errors: [{ field: "code", message: "is not right" }],
    });
  }
  await refundAttempt(attempt);
  return withTransaction(viewer, async ({ tx, record }) => {
    await requireLivingSession(tx, viewer);
    const [enabled] = await tx
      .update(users)
      .set({ totpEnabledAt: sql`now()` })
      .where(and(eq(users.id, viewer.userId), eq(users.totpSecret, user.totpSecret ?? "")))
      .returning({ id: users.id });
    if (!enabled) throw new AppError("bad_request", "The set-up was given up meanwhile; please begin again");
    await record({ action: "two_factor.enabled", objectType: "user", objectId: viewer.userId });
    return { codes: await replaceCodes(tx, viewer.userId) };
  });
}

/** Makes ten new recovery codes, given this once; the present ones stop working. */
export async function renewRecoveryCodes(
  viewer: Viewer,
  { password }: { password: string },
): Promise<{ codes: string[] }> {
  await confirmPassword(viewer, password);
  return withTransaction(viewer, async ({ tx, record }) => {
    const [user] = await tx
      .select({ app: users.totpEnabledAt, passkey: users.passkeyFactorAt })
      .from(users)
      .where(eq(users.id, viewer.userId))
      .for("no key update");
    if (!user?.app && !user?.passkey) throw new AppError("bad_request", "Two-factor sign-in is off");
    await record({ action: "two_factor.codes_renewed", objectType: "user", objectId: viewer.userId });
    return { codes: await replaceCodes(tx, viewer.userId) };
  });
}

/** Turns the app off and forgets its secret, and the recovery codes unless a passkey is asked for. */
export async function disableTwoFactor(viewer: Viewer, { password }: { password: string }): Promise<void> {
  await confirmPassword(viewer, password);
  await withTransaction(viewer, async ({ tx, record }) => {
    await tx
      .update(users)
      .set({ totpSecret: null, totpEnabledAt: null, totpLastStep: null })
      .where(eq(users.id, viewer.userId));
    await dropUselessCodes(tx, viewer.userId);
    await record({ action: "two_factor.disabled", objectType: "user", objectId: viewer.userId });
  });
}
