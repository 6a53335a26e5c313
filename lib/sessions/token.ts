import "server-only";
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { env } from "@/lib/env";

const ISSUER = "openrouter-monitor";
const secret = () => new TextEncoder().encode(env().SECRET_KEY);
const Claims = z.object({ sub: z.coerce.number().int().positive(), sid: z.uuid() });

export type SessionClaims = { userId: number; sessionId: string };

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

/** Null for whatever is not a JWT of ours that is still in time at `now`; never throws. `alg` is pinned, so `none` is refused. */
export async function verifySessionToken(token: string, now = new Date()): Promise<SessionClaims | null> {
  try {
    const { payload } = await jwtVerify(token, secret(), { algorithms: ["HS256"], issuer: ISSUER, currentDate: now });
    const claims = Claims.parse(payload);
    return { userId: claims.sub, sessionId: claims.sid };
  } catch {
    return null;
  }
}
