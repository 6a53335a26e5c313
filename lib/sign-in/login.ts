import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { members } from "@/db/schema/teams";
import { passkeys, users } from "@/db/schema/users";
import { lockOwner } from "@/lib/access/limits";
import { withTransaction } from "@/lib/access/transaction";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { verifyAssertion } from "@/lib/passkeys/verify-assertion";
import type { Assertion } from "@/lib/passkeys/webauthn";
import { createSession, type Device, type SignedSession } from "@/lib/sessions/sessions";
import { limitAttempts, refundAttempt } from "@/lib/users/attempts";
import { isPassword } from "@/lib/users/password";
import { isSecondFactor } from "@/lib/users/second-factor";
import { recordRefusedSignIn } from "./refused-sign-in";

type Credentials = { email: string; password: string; code?: string | undefined; passkey?: Assertion | undefined };
export type Wanted = { kind: "page" | "api"; hours: number };

/** One answer for an unknown e-mail, a wrong password and an inactive person. */
const invalid = () => new AppError("unauthorized", "Invalid credentials");

/** Names the fields that would do, by which a form knows what to ask for. */
const factorNeeded = (hasPasskeys: boolean) =>
  new AppError(
    "unauthorized",
    hasPasskeys
      ? "A second factor is required: send a code as code, or the answer of a passkey as passkey"
      : "A code of the authenticator app is required: send it as code",
    {
      errors: ["code", ...(hasPasskeys ? ["passkey"] : [])].map((field) => ({ field, message: "is required" })),
    },
  );

/** The other way is named, too, for the same form. */
const instead = (field: string) => ({ field, message: "may be sent instead" });

const codeWrong = (hasPasskeys: boolean) =>
  new AppError("unauthorized", "The code is not valid or was used before", {
    errors: [
      { field: "code", message: "is not valid or was used before" },
      ...(hasPasskeys ? [instead("passkey")] : []),
    ],
  });

const passkeyWrong = () =>
  new AppError("unauthorized", "The passkey was not accepted", {
    errors: [{ field: "passkey", message: "was not accepted" }, instead("code")],
  });

/**
 * Signs a person in by password, and by a second factor where one is asked for: a code of the app, a recovery code or a passkey. Takes
 * the same time whether the e-mail is known or not. Errors: 401, the same for whatever is wrong with e-mail and password; 429 after too many
 * failures.
 */
export async function login(
  device: Device,
  credentials: Credentials,
  wanted: Wanted,
): Promise<SignedSession & { userId: number }> {
  const attempt = { purpose: "login", ip: device.ip, email: credentials.email } as const;
  await limitAttempts(attempt);
  const user = await provePassword(device, credentials);
  if (user.totpEnabledAt || user.passkeyFactorAt) {
    const { code, passkey } = credentials;
    if (code === undefined && passkey === undefined) {
      await refundAttempt(attempt);
      throw factorNeeded(user.hasPasskeys);
    }
    await proveSecondFactor(device, user, { code, passkey });
  }
  await refundAttempt(attempt);
  const { id: userId, teamId, passwordHash } = user;
  return startSession({ userId, teamId }, device, { ...wanted, by: "password", passwordHash });
}

type Known = NonNullable<Awaited<ReturnType<typeof findUser>>>;

/** The active person whose e-mail and password these are. 401 otherwise, recorded. The caller counts the attempt. */
export async function provePassword(device: Device, { email, password }: { email: string; password: string }) {
  const user = await findUser(email);
  const right = await isPassword(password, user?.passwordHash);
  if (right && user?.isActive) return user;
  await recordRefusedSignIn(device, user?.id ?? null, "credentials");
  throw invalid();
}

async function proveSecondFactor(
  device: Device,
  user: Known,
  { code, passkey }: Pick<Credentials, "code" | "passkey">,
): Promise<void> {
  if (passkey) {
    const { refused } = await verifyAssertion(passkey, user.id);
    if (refused === null) return;
    await recordRefusedSignIn(device, user.id, `passkey: ${refused}`);
    throw passkeyWrong();
  }
  if (code !== undefined && (await isSecondFactor(user, code))) return;
  await recordRefusedSignIn(device, user.id, "second factor");
  throw codeWrong(user.hasPasskeys);
}

/** `passwordHash`: the one that there was when they proved it. A change of password or a reset ends what was proven before. */
type Proof = { by: string; passwordHash?: string | null };

/** Makes the session of somebody who has proven who they are, and records how. 401 when that counts no more at the moment of making it. */
export async function startSession(
  who: { userId: number; teamId: number | null },
  device: Device,
  { kind, hours, by, passwordHash }: Wanted & Proof,
): Promise<SignedSession & { userId: number }> {
  return withTransaction({ ...who, ip: device.ip }, async ({ tx, record }) => {
    await lockOwner(tx, { userId: who.userId });
    const [user] = await tx
      .select({ isActive: users.isActive, passwordHash: users.passwordHash })
      .from(users)
      .where(eq(users.id, who.userId));
    if (!user?.isActive || (passwordHash !== undefined && user.passwordHash !== passwordHash)) throw invalid();
    const session = await createSession(tx, { userId: who.userId, kind, hours, device });
    const event = { action: "session.started", objectType: "session", objectId: session.sessionId } as const;
    await record({ ...event, detail: { by, kind } }, { sessionId: session.sessionId });
    return { ...session, userId: who.userId };
  });
}

/** For programs: the JWT in the shape of OAuth's token answer. `expires_in` in seconds. */
export async function programToken(signIn: (wanted: Wanted) => Promise<SignedSession>) {
  const hours = env().JWT_EXPIRATION_HOURS;
  const { token } = await signIn({ kind: "api", hours });
  return { access_token: token, token_type: "bearer" as const, expires_in: hours * 3600 };
}

/** Signs a program in by password. */
export const loginProgram = (device: Device, credentials: Credentials) =>
  programToken((wanted) => login(device, credentials, wanted));

async function findUser(email: string) {
  const [user] = await db()
    .select({
      id: users.id,
      passwordHash: users.passwordHash,
      isActive: users.isActive,
      totpSecret: users.totpSecret,
      totpEnabledAt: users.totpEnabledAt,
      passkeyFactorAt: users.passkeyFactorAt,
      hasPasskeys: sql<boolean>`exists (select from ${passkeys} where ${passkeys.userId} = ${users.id})`,
      teamId: members.teamId,
    })
    .from(users)
    .leftJoin(members, and(eq(members.userId, users.id), eq(members.role, "owner")))
    .where(eq(sql`lower(${users.email})`, email))
    .limit(1);
  return user;
}
