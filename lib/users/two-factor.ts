import "server-only";
import { randomBytes } from "node:crypto";
import { and, count, eq, isNull, sql } from "drizzle-orm";
import { Secret } from "otpauth";
import QRCode from "qrcode";
import { type Database, db } from "@/db/client";
import { recoveryCodes, users } from "@/db/schema/users";
import { recordEvent } from "@/lib/audit/record";
import type { Viewer } from "@/lib/auth/viewer";
import { sha256 } from "@/lib/crypto";
import { AppError } from "@/lib/errors";
import { forgiveAttempt, limitAttempts } from "./attempts";
import { confirmPassword } from "./confirm-password";
import { isSecondFactor, sealTotpSecret, totpOf } from "./second-factor";

const RECOVERY_CODES = 10;

/** Whether the second factor is on, and how many recovery codes are left. */
export async function readTwoFactor(viewer: Viewer): Promise<{ enabled: boolean; codesLeft: number }> {
  const [user] = await db().select({ at: users.totpEnabledAt }).from(users).where(eq(users.id, viewer.userId));
  const [left] = await db()
    .select({ count: count() })
    .from(recoveryCodes)
    .where(and(eq(recoveryCodes.userId, viewer.userId), isNull(recoveryCodes.usedAt)));
  return { enabled: Boolean(user?.at), codesLeft: left?.count ?? 0 };
}

/** Makes a secret for the authenticator app; it counts only once a code of it was entered. `qr` is a PNG as a data URL. 400 when it is on already. */
export async function beginTwoFactor(viewer: Viewer, { password }: { password: string }) {
  await confirmPassword(viewer, password);
  const sealed = sealTotpSecret(viewer.userId, new Secret({ size: 20 }).base32);
  const begun = await db()
    .update(users)
    .set({ totpSecret: sealed, totpLastStep: null })
    .where(and(eq(users.id, viewer.userId), isNull(users.totpEnabledAt)))
    .returning({ id: users.id });
  if (begun.length === 0) throw new AppError("bad_request", "Two-factor sign-in is on already");
  const totp = totpOf(viewer.userId, sealed, viewer.email);
  return { secret: totp.secret.base32, qr: await QRCode.toDataURL(totp.toString(), { margin: 2, width: 220 }) };
}

/** Turns the second factor on with a first code of the app; gives the recovery codes, this once. 400 when the code is wrong. */
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
  await forgiveAttempt(attempt);
  return db().transaction(async (tx) => {
    await tx.update(users).set({ totpEnabledAt: sql`now()` }).where(eq(users.id, viewer.userId));
    await recordEvent(tx, viewer, { action: "two_factor.enabled", objectType: "user", objectId: viewer.userId });
    return { codes: await replaceCodes(tx, viewer.userId) };
  });
}

/** Makes ten new recovery codes, given this once; the present ones stop working. */
export async function renewRecoveryCodes(
  viewer: Viewer,
  { password }: { password: string },
): Promise<{ codes: string[] }> {
  await confirmPassword(viewer, password);
  return db().transaction(async (tx) => {
    const [user] = await tx
      .select({ at: users.totpEnabledAt })
      .from(users)
      .where(eq(users.id, viewer.userId))
      .for("update");
    if (!user?.at) throw new AppError("bad_request", "Two-factor sign-in is off");
    await recordEvent(tx, viewer, { action: "two_factor.codes_renewed", objectType: "user", objectId: viewer.userId });
    return { codes: await replaceCodes(tx, viewer.userId) };
  });
}

/** Turns the second factor off and forgets its secret and codes. */
export async function disableTwoFactor(viewer: Viewer, { password }: { password: string }): Promise<void> {
  await confirmPassword(viewer, password);
  await db().transaction(async (tx) => {
    await tx
      .update(users)
      .set({ totpSecret: null, totpEnabledAt: null, totpLastStep: null })
      .where(eq(users.id, viewer.userId));
    await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, viewer.userId));
    await recordEvent(tx, viewer, { action: "two_factor.disabled", objectType: "user", objectId: viewer.userId });
  });
}

/** 80 random bits each, so a plain SHA-256 of them cannot be searched. */
async function replaceCodes(database: Database, userId: number): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => randomBytes(10).toString("hex"));
  await database.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  await database.insert(recoveryCodes).values(codes.map((code) => ({ userId, codeHash: sha256(code) })));
  return codes.map((code) => code.replace(/(.{5})(?=.)/g, "$1-"));
}
