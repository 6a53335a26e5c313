import "server-only";
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { env } from "@/lib/base/env";

const ISSUER = "openrouter-monitor";
const secret = () => new TextEncoder().encode(env().SECRET_KEY);
const Claims = z.object({ sub: z.coerce.number().int().positive(), sid: z.uuid(), exp: z.int() });

export type SessionClaims = { userId: number; sessionId: string };

/** jose looks at a clock; at this one nothing has expired. */
const BEFORE_ALL = new Date(0);

/** Signs the JWT (HS256) that names a session row; pages carry it in a cookie, programs as a bearer token. */
export function signSessionToken({ userId, sessionId }: SessionClaims, expiresAt: Date): Promise<string> {
  return new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(String(userId))
    .setIssuer(ISSUER)
    .setIssuedAt()
    .setExpirationTime(expiresAt)
    .sign(secret());
}

/**
 * What a JWT of ours says, `expires` in Unix seconds; null for anything else; never throws. `alg` is pinned, so `none` is refused. Whether it is still in time is for the
 * database's clock to say, by which it was made: a process whose own is ahead would turn everybody away.
 */
export async function readSessionToken(token: string): Promise<(SessionClaims & { expires: number }) | null> {
  try {
    const expected = { algorithms: ["HS256"], issuer: ISSUER, currentDate: BEFORE_ALL };
    const claims = Claims.parse((await jwtVerify(token, secret(), expected)).payload);
    return { userId: claims.sub, sessionId: claims.sid, expires: claims.exp };
  } catch {
    return null;
  }
}
