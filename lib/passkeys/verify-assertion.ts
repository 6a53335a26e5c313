import "server-only";
import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import { and, eq, lt, or, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { passkeys, users } from "@/db/schema/users";
import { consumeChallenge } from "./challenges";
import { relyingParty } from "./relying-party";
import type { Assertion } from "./webauthn";

/** Whose passkey it was, and why it was refused if it was; the reason is for the audit log, callers are told one sentence for all. */
export type Verdict =
  | { userId: number; passwordHash: string | null; refused: null }
  | { userId: number | null; refused: string };

/**
 * Whether a passkey of ours signed a challenge of ours, at our own address, for an active person. By a passkey alone (`userId` null) the
 * authenticator must have verified the person (PIN, finger, face) and name whom it signs in; after a password its presence is enough.
 */
export async function verifyAssertion(response: Assertion, userId: number | null): Promise<Verdict> {
  const alone = userId === null;
  const purpose = alone ? "login" : "second-factor";
  const challenge = await consumeChallenge(response.response.clientDataJSON, { purpose, userId, sessionId: null });
  const passkey = await findPasskey(response.id);
  const refuse = (refused: string): Verdict => ({ userId: passkey?.userId ?? null, refused });
  if (challenge === null) return refuse("challenge");
  if (!passkey) return refuse("unknown passkey");
  if (!alone && passkey.userId !== userId) return refuse("another person's passkey");
  if (!passkey.isActive) return refuse("inactive");
  const { userHandle } = response.response;
  const isTheirs = userHandle === Buffer.from(passkey.handle).toString("base64url");
  if (userHandle === undefined ? alone : !isTheirs) return refuse("user handle");
  const seen = await verify(response, challenge, passkey, alone);
  if (!seen) return refuse("signature");
  if (!(await noteUse(passkey.id, seen))) return refuse("counter");
  return { userId: passkey.userId, passwordHash: passkey.passwordHash, refused: null };
}

async function findPasskey(credentialId: string) {
  const [row] = await db()
    .select({
      id: passkeys.id,
      userId: passkeys.userId,
      credentialId: passkeys.credentialId,
      publicKey: passkeys.publicKey,
      isActive: users.isActive,
      passwordHash: users.passwordHash,
      handle: users.passkeyHandle,
    })
    .from(passkeys)
    .innerJoin(users, eq(users.id, passkeys.userId))
    .where(eq(passkeys.credentialId, credentialId));
  return row;
}

type Stored = { credentialId: string; publicKey: string };
type Seen = { newCounter: number; credentialDeviceType: "singleDevice" | "multiDevice"; credentialBackedUp: boolean };

/** What the authenticator said, when its signature, our origin and our RP ID are right; null otherwise. */
async function verify(response: Assertion, challenge: string, stored: Stored, alone: boolean): Promise<Seen | null> {
  const { id, origin } = relyingParty();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: alone,
      // The counter is compared where it is written: two answers at the same moment cannot both be the next one.
      credential: { id: stored.credentialId, publicKey: Buffer.from(stored.publicKey, "base64url"), counter: 0 },
    });
    return verified ? authenticationInfo : null;
  } catch {
    // The library throws plain errors for whatever is wrong with an answer, and does nothing else that may fail.
    return null;
  }
}

/** Notes the use and the new counter. False when the counter did not grow: somebody has a copy of the passkey. Most count nothing and send 0. */
async function noteUse(id: number, { newCounter, credentialDeviceType, credentialBackedUp }: Seen): Promise<boolean> {
  const grew = or(lt(passkeys.counter, newCounter), and(eq(passkeys.counter, 0), sql`${newCounter}::bigint = 0`));
  const noted = await db()
    .update(passkeys)
    .set({
      counter: newCounter,
      deviceType: credentialDeviceType,
      backedUp: credentialBackedUp,
      lastUsedAt: sql`now()`,
    })
    .where(and(eq(passkeys.id, id), grew))
    .returning({ id: passkeys.id });
  return noted.length === 1;
}
