import "server-only";
import { generateAuthenticationOptions } from "@simplewebauthn/server";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { passkeys } from "@/db/schema/users";
import { callerLimit } from "@/lib/access/ip-address";
import { limitUse } from "@/lib/access/rate-limit";
import { AppError } from "@/lib/base/errors";
import { CHALLENGE_MS, saveChallenge } from "@/lib/passkeys/challenges";
import { relyingParty } from "@/lib/passkeys/relying-party";
import { verifyAssertion } from "@/lib/passkeys/verify-assertion";
import type { Assertion } from "@/lib/passkeys/webauthn";
import type { Device, SignedSession } from "@/lib/sessions/sessions";
import { limitAttempts, refundAttempt } from "@/lib/users/attempts";
import { ownTeamOf } from "@/lib/users/own-team";
import { programToken, provePassword, startSession, type Wanted } from "./login";
import { recordRefusedSignIn } from "./refused-sign-in";

/** Each open sign-in page asks for a challenge every few minutes; so many pages may stand behind one address. */
const ASKING = { limit: 60, windowSeconds: 60 };

/** A challenge for signing in by a passkey alone: which one, the person chooses. 429 after too many. */
export async function askPasskey(device: Device) {
  const { bucket, limit } = callerLimit("passkey-options", device.ip, ASKING);
  await limitUse(bucket, limit);
  const options = await requestOptions([], "required");
  await saveChallenge(options.challenge, { purpose: "login", userId: null, sessionId: null });
  return options;
}

/** A challenge for a passkey as the second factor, for whoever knows the password. Errors: 401 as at login, 400 without passkeys, 429. */
export async function askSecondPasskey(device: Device, credentials: { email: string; password: string }) {
  const attempt = { purpose: "login", ip: device.ip, email: credentials.email } as const;
  await limitAttempts(attempt);
  const user = await provePassword(device, credentials);
  await refundAttempt(attempt);
  const theirs = await db().select().from(passkeys).where(eq(passkeys.userId, user.id));
  if (theirs.length === 0) throw new AppError("bad_request", "This account has no passkey");
  const options = await requestOptions(theirs, "preferred");
  await saveChallenge(options.challenge, { purpose: "second-factor", userId: user.id, sessionId: null });
  return options;
}

function requestOptions(
  allowed: { credentialId: string; transports: string[] }[],
  userVerification: "required" | "preferred",
) {
  return generateAuthenticationOptions({
    rpID: relyingParty().id,
    allowCredentials: allowed.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    timeout: CHALLENGE_MS,
    userVerification,
  });
}

/**
 * Signs in by a passkey alone: it has verified the person, so nothing else is asked. Errors: 401, the same for whatever is wrong; 429 after
 * too many failures.
 */
export async function signInByPasskey(
  device: Device,
  response: Assertion,
  wanted: Wanted,
): Promise<SignedSession & { userId: number }> {
  const attempt = { purpose: "passkey", ip: device.ip } as const;
  await limitAttempts(attempt);
  const verdict = await verifyAssertion(response, null);
  if (verdict.refused !== null) {
    await recordRefusedSignIn(device, verdict.userId, `passkey: ${verdict.refused}`);
    throw new AppError("unauthorized", "The passkey was not accepted");
  }
  await refundAttempt(attempt);
  const { userId, passwordHash } = verdict;
  const who = { userId, teamId: await ownTeamOf(db(), userId) };
  return startSession(who, device, { ...wanted, by: "passkey", passwordHash });
}

/** The same for programs. */
export const signInProgramByPasskey = (device: Device, { response }: { response: Assertion }) =>
  programToken((wanted) => signInByPasskey(device, response, wanted));
