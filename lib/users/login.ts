import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { members } from "@/db/schema/teams";
import { users } from "@/db/schema/users";
import { recordEvent } from "@/lib/audit/record";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { countUse } from "@/lib/rate-limit";
import { createSession, type Device, type SignedSession } from "@/lib/sessions/sessions";
import { forgiveAttempt, limitAttempts } from "./attempts";
import { isPassword } from "./password";
import { isSecondFactor } from "./second-factor";

type Credentials = { email: string; password: string; code?: string | undefined };
type Wanted = { kind: "page" | "api"; hours: number };

/** One answer for an unknown e-mail, a wrong password and an inactive person. */
const invalid = () => new AppError("unauthorized", "Invalid credentials");

/** Sent with the field `code`, by which a form knows what to ask for. */
const codeNeeded = () =>
  new AppError("unauthorized", "A code of the authenticator app is required: send it as code", {
    errors: [{ field: "code", message: "is required" }],
  });

const codeWrong = () =>
  new AppError("unauthorized", "The code is not valid or was used before", {
    errors: [{ field: "code", message: "is not valid or was used before" }],
  });

/**
 * Signs a person in by password, and by the second factor where one is set up. Takes the same time whether the e-mail is known or not.
 * Errors: 401, the same for whatever is wrong with e-mail and password; 429 after too many failures.
 */
export async function login(
  device: Device,
  credentials: Credentials,
  wanted: Wanted,
): Promise<SignedSession & { userId: number }> {
  const { email, password, code } = credentials;
  const attempt = { purpose: "login", ip: device.ip, email } as const;
  await limitAttempts(attempt);
  const user = await findUser(email);
  const actor = { teamId: user?.teamId ?? null, userId: user?.id ?? null, ip: device.ip };
  const refuse = async (error: AppError, reason: string): Promise<never> => {
    // Of what belongs to nobody one line a minute and address is kept; both are asked, so that neither takes longer.
    const { exceeded } = await countUse(`refused:sign-in:${device.ip ?? "unknown"}`, { limit: 1, windowSeconds: 60 });
    if (user || !exceeded) await recordEvent(db(), actor, { action: "session.refused", detail: { reason } });
    throw error;
  };
  const right = await isPassword(password, user?.passwordHash);
  if (!right || !user?.isActive) return refuse(invalid(), "credentials");
  if (user.totpEnabledAt) {
    if (code === undefined) {
      await forgiveAttempt(attempt);
      throw codeNeeded();
    }
    if (!(await isSecondFactor(user, code))) return refuse(codeWrong(), "second factor");
  }
  await forgiveAttempt(attempt);
  return startSession({ userId: user.id, teamId: user.teamId }, device, { ...wanted, by: "password" });
}

/** Makes the session of somebody who has proven who they are, and records how. */
export async function startSession(
  who: { userId: number; teamId: number | null },
  device: Device,
  { kind, hours, by }: Wanted & { by: string },
): Promise<SignedSession & { userId: number }> {
  return db().transaction(async (tx) => {
    const session = await createSession(tx, { userId: who.userId, kind, hours, device });
    const actor = { ...who, sessionId: session.sessionId, ip: device.ip };
    await recordEvent(tx, actor, {
      action: "session.started",
      objectType: "session",
      objectId: session.sessionId,
      detail: { by, kind },
    });
    return { ...session, userId: who.userId };
  });
}

/** For programs: the JWT in the shape of OAuth's token answer. `expires_in` in seconds. */
export async function loginProgram(device: Device, credentials: Credentials) {
  const hours = env().JWT_EXPIRATION_HOURS;
  const { token } = await login(device, credentials, { kind: "api", hours });
  return { access_token: token, token_type: "bearer" as const, expires_in: hours * 3600 };
}

async function findUser(email: string) {
  const [user] = await db()
    .select({
      id: users.id,
      passwordHash: users.passwordHash,
      isActive: users.isActive,
      totpSecret: users.totpSecret,
      totpEnabledAt: users.totpEnabledAt,
      teamId: members.teamId,
    })
    .from(users)
    .leftJoin(members, and(eq(members.userId, users.id), eq(members.role, "owner")))
    .where(eq(sql`lower(${users.email})`, email))
    .limit(1);
  return user;
}
