import "server-only";
import { eq } from "drizzle-orm";
import { jwtVerify, SignJWT } from "jose";
import { cookies } from "next/headers";
import { db } from "@/db/client";
import { users } from "@/db/schema/users";
import { isHttps } from "@/lib/access/cookie";
import { sessionCookieOptions } from "@/lib/access/session-cookie";
import type { Viewer } from "@/lib/access/viewer";
import { sha256 } from "@/lib/base/crypto";
import { env } from "@/lib/base/env";
import { confirmPerson } from "@/lib/users/confirm-password";

/** Not the issuer of session tokens: neither passes for the other. */
const ISSUER = "openrouter-monitor/connecting";
const MINUTES = 10;
const COOKIE = () => (isHttps() ? "__Host-connecting" : "connecting");
const secret = () => new TextEncoder().encode(env().SECRET_KEY);

/**
 * Notes in the browser that this session may connect this service, for ten minutes: whoever stole a session could otherwise connect an
 * account of theirs and keep coming in. 400 when the password is wrong.
 */
export async function allowLinking(
  viewer: Viewer,
  { service, ...confirmation }: { service: string; password?: string | undefined },
): Promise<void> {
  await confirmPerson(viewer, confirmation);
  const note = await new SignJWT({ service, proof: await proofOf(viewer) })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer(ISSUER)
    .setSubject(viewer.sessionId)
    .setExpirationTime(`${MINUTES} minutes`)
    .sign(secret());
  (await cookies()).set(COOKIE(), note, { ...sessionCookieOptions(), maxAge: MINUTES * 60 });
}

/** Whether this session was allowed to connect this service; asking takes the permission back. */
export async function isLinkingAllowed(viewer: Viewer, service: string): Promise<boolean> {
  const jar = await cookies();
  const note = jar.get(COOKIE())?.value;
  if (!note) return false;
  jar.set(COOKIE(), "", { ...sessionCookieOptions(), maxAge: 0 });
  const expected = { algorithms: ["HS256"], issuer: ISSUER, subject: viewer.sessionId };
  const read = await jwtVerify(note, secret(), expected).catch(() => null);
  return read?.payload.service === service && read.payload.proof === (await proofOf(viewer));
}

/** Another one after a change of password, a reset or a change of e-mail: what was allowed before then counts no more. */
async function proofOf({ userId }: Viewer): Promise<string> {
  const [user] = await db()
    .select({ hash: users.passwordHash, email: users.email })
    .from(users)
    .where(eq(users.id, userId));
  return sha256(`${user?.hash} ${user?.email}`);
}
