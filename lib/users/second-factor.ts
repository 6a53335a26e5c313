import "server-only";
import { and, eq, isNull, lt, or, sql } from "drizzle-orm";
import { Secret, TOTP } from "otpauth";
import { db } from "@/db/client";
import { recoveryCodes, users } from "@/db/schema/users";
import { decrypt, encrypt, sha256 } from "@/lib/base/crypto";

const ISSUER = "OpenRouter Monitor";
const STEP_SECONDS = 30;
const place = (userId: number): string => `users.${userId}.totp_secret`;

/** Seals a TOTP secret (base32) for its person's row. */
export const sealTotpSecret = (userId: number, secret: string): string => encrypt(secret, place(userId));

/** The generator of a person's six-digit codes (RFC 6238: SHA-1, 30 s, as every authenticator app expects). */
export const totpOf = (userId: number, sealed: string, label: string): TOTP =>
  new TOTP({ issuer: ISSUER, label, period: STEP_SECONDS, secret: Secret.fromBase32(decrypt(sealed, place(userId))) });

/**
 * Whether a code opens the door: six digits of the app (one step early or late is forgiven), or a recovery code. Either works once,
 * also when two requests bring it at the same moment.
 */
export async function isSecondFactor(user: { id: number; totpSecret: string | null }, code: string): Promise<boolean> {
  const typed = code.replace(/[\s-]/g, "").toLowerCase();
  return /^\d{6}$/.test(typed) ? spendTotp(user, typed) : spendRecoveryCode(user.id, typed);
}

async function spendTotp(
  { id, totpSecret }: { id: number; totpSecret: string | null },
  code: string,
): Promise<boolean> {
  if (!totpSecret) return false;
  const now = Date.now();
  const delta = totpOf(id, totpSecret, "").validate({ token: code, window: 1, timestamp: now });
  if (delta === null) return false;
  const step = Math.floor(now / 1000 / STEP_SECONDS) + delta;
  const spent = await db()
    .update(users)
    .set({ totpLastStep: step })
    .where(and(eq(users.id, id), or(isNull(users.totpLastStep), lt(users.totpLastStep, step))))
    .returning({ id: users.id });
  return spent.length === 1;
}

async function spendRecoveryCode(userId: number, code: string): Promise<boolean> {
  const spent = await db()
    .update(recoveryCodes)
    .set({ usedAt: sql`now()` })
    .where(
      and(eq(recoveryCodes.userId, userId), eq(recoveryCodes.codeHash, sha256(code)), isNull(recoveryCodes.usedAt)),
    )
    .returning({ id: recoveryCodes.id });
  return spent.length === 1;
}
