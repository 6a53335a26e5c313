import "server-only";
import { randomBytes } from "node:crypto";
import { and, eq, isNotNull, isNull, notExists, or } from "drizzle-orm";
import type { Database } from "@/db/client";
import { recoveryCodes, users } from "@/db/schema/users";
import { sha256 } from "@/lib/base/crypto";

const RECOVERY_CODES = 10;

/** How many of a person's recovery codes still work. */
export const countCodes = (database: Database, userId: number): Promise<number> =>
  database.$count(recoveryCodes, and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)));

/** Makes ten new recovery codes, given this once. 80 random bits each, so a plain SHA-256 of them cannot be searched. */
export async function replaceCodes(database: Database, userId: number): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => randomBytes(10).toString("hex"));
  await database.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  await database.insert(recoveryCodes).values(codes.map((code) => ({ userId, codeHash: sha256(code) })));
  return codes.map((code) => code.replace(/(.{5})(?=.)/g, "$1-"));
}

/** Forgets the recovery codes of a person whom nothing asks for a second factor any more. */
export async function dropUselessCodes(database: Database, userId: number): Promise<void> {
  const asked = database
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), or(isNotNull(users.totpEnabledAt), isNotNull(users.passkeyFactorAt))));
  await database.delete(recoveryCodes).where(and(eq(recoveryCodes.userId, userId), notExists(asked)));
}
