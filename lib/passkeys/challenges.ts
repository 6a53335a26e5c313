import "server-only";
import { sql } from "@/db/client";

/** What an answer is awaited for: whose it must be, and from which session, where that is known beforehand. */
export type ChallengeScope = {
  purpose: "register" | "login" | "second-factor";
  userId: number | null;
  sessionId: string | null;
};

/** How long a challenge may be answered; browsers are told the same. */
export const CHALLENGE_MS = 5 * 60_000;

/** Keeps a challenge (at least 128 random bits) until it is answered or too old; sweeps away those that are. */
export async function saveChallenge(challenge: string, { purpose, userId, sessionId }: ChallengeScope): Promise<void> {
  await sql()`
    with swept as (delete from passkey_challenges where expires_at < now())
    insert into passkey_challenges (challenge, purpose, user_id, session_id, expires_at)
    values (${challenge}, ${purpose}, ${userId}, ${sessionId}::uuid, now() + make_interval(secs => ${CHALLENGE_MS / 1000}::int))`;
}

/** Uses up the challenge that an answer names, right or wrong: no second answer to it counts. Null for one that was not awaited. */
export async function consumeChallenge(
  clientDataJSON: string,
  { purpose, userId, sessionId }: ChallengeScope,
): Promise<string | null> {
  const challenge = challengeIn(clientDataJSON);
  if (challenge === null) return null;
  const spent = await sql()`
    delete from passkey_challenges
    where challenge = ${challenge} and purpose = ${purpose} and user_id is not distinct from ${userId}::int
      and session_id is not distinct from ${sessionId}::uuid and expires_at > now()
    returning 1`;
  return spent.length === 1 ? challenge : null;
}

/** The challenge that the browser says it was given; the signature tells later whether that is true. */
function challengeIn(clientDataJSON: string): string | null {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString("utf8"));
    return typeof challenge === "string" && !challenge.includes("\0") ? challenge : null;
  } catch {
    return null;
  }
}
