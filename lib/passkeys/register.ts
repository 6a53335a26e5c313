import "server-only";
import { generateRegistrationOptions, verifyRegistrationResponse } from "@simplewebauthn/server";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { passkeys, users } from "@/db/schema/users";
import { lockAndCount } from "@/lib/access/limits";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { readableEmail } from "@/lib/base/email";
import { AppError, violatedUnique } from "@/lib/base/errors";
import { requireLivingSession } from "@/lib/sessions/living";
import { confirmPerson } from "@/lib/users/confirm-password";
import { CHALLENGE_MS, type ChallengeScope, consumeChallenge, saveChallenge } from "./challenges";
import { relyingParty } from "./relying-party";
import type { PasskeyView } from "./schema";
import { toPasskeyView, view } from "./view";
import type { Attestation } from "./webauthn";

const MOST = 20;

const awaited = ({ userId, sessionId }: Viewer): ChallengeScope => ({ purpose: "register", userId, sessionId });

/**
 * Begins to register a passkey: what the browser hands to the authenticator. Passkeys can be found without an e-mail address and verify
 * the person, so that each is enough to sign in. Errors: 400 when the password is wrong, 429.
 */
export async function beginPasskey(viewer: Viewer, confirmation: { password?: string | undefined }) {
  await confirmPerson(viewer, confirmation);
  const { id, name } = relyingParty();
  const [user] = await db().select({ handle: users.passkeyHandle }).from(users).where(eq(users.id, viewer.userId));
  if (!user) throw new AppError("not_found", "The account is gone");
  const known = await db().select().from(passkeys).where(eq(passkeys.userId, viewer.userId));
  const options = await generateRegistrationOptions({
    rpID: id,
    rpName: name,
    userID: new TextEncoder().encode(user.handle),
    userName: readableEmail(viewer.email),
    userDisplayName: viewer.name ?? readableEmail(viewer.email),
    timeout: CHALLENGE_MS,
    // Which make of authenticator it is makes no difference here.
    attestationType: "none",
    excludeCredentials: known.map((passkey) => ({ id: passkey.credentialId, transports: passkey.transports })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  await saveChallenge(options.challenge, awaited(viewer));
  return options;
}

/** Registers the passkey that answered. Errors: 400 when the answer is not right, late or a second one, 409 when it is known already. */
export async function addPasskey(
  viewer: Viewer,
  { name, response }: { name: string; response: Attestation },
): Promise<PasskeyView> {
  const challenge = await consumeChallenge(response.response.clientDataJSON, awaited(viewer));
  const made = challenge && (await verify(response, challenge));
  if (!made) throw new AppError("bad_request", "The passkey was not accepted; please try again");
  const { credential, credentialDeviceType: deviceType, credentialBackedUp: backedUp } = made;
  try {
    return await withTransaction(viewer, async ({ tx, record }) => {
      await requireLivingSession(tx, viewer);
      await lockAndCount(tx, {
        owner: { userId: viewer.userId },
        table: passkeys,
        where: eq(passkeys.userId, viewer.userId),
        most: MOST,
        detail: `You can have at most ${MOST} passkeys; remove one first`,
      });
      const [row] = await tx
        .insert(passkeys)
        .values({
          userId: viewer.userId,
          credentialId: credential.id,
          publicKey: Buffer.from(credential.publicKey).toString("base64url"),
          counter: credential.counter,
          transports: credential.transports ?? [],
          name,
          deviceType,
          backedUp,
        })
        .returning(view);
      if (!row) throw new Error("The passkey was not stored");
      const detail = { name, device_type: deviceType };
      await record({ action: "passkey.added", objectType: "passkey", objectId: row.id, detail });
      return toPasskeyView(row);
    });
  } catch (error) {
    if (violatedUnique(error) !== "passkeys_credential_id_unique") throw error;
    throw new AppError("conflict", "This passkey is registered already");
  }
}

async function verify(response: Attestation, challenge: string) {
  const { id, origin } = relyingParty();
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
    });
    return verified ? registrationInfo : null;
  } catch {
    // The library throws plain errors for whatever is wrong with an answer.
    return null;
  }
}
