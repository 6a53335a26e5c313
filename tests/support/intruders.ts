import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { sql } from "@/db/client";
import { newApiToken } from "@/lib/access/token-format";
import { env } from "@/lib/base/env";
import { endSession } from "@/lib/sessions/sessions";
import { CreateToken } from "@/lib/tokens/schema";
import { createToken, revokeToken } from "@/lib/tokens/tokens";
import { createPerson, type Person } from "./world";

const ISSUER = "openrouter-monitor";
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const signed = (secret: string, claims: Record<string, unknown>, expires: string) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer(ISSUER)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(secret));

/** A session token with another letter in the middle of its signature, where all bits count. */
function withOtherSignature(token: string): string {
  const at = token.length - 20;
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}

/** Session tokens that must open nothing; what is wrong with each is its name. */
export async function badSessions(victim: Person): Promise<Record<string, string>> {
  const { sessionId, userId } = victim.viewer;
  const claims = { sid: sessionId, sub: String(userId) };
  const [header = "", payload = "", signature = ""] = victim.accessToken.split(".");
  const gone = await createPerson();
  await endSession(gone.viewer);
  const locked = await createPerson();
  await sql()`update users set is_active = false where id = ${locked.viewer.userId}`;
  const late = await createPerson();
  await sql()`update sessions set expires_at = now() - interval '1 second' where id = ${late.viewer.sessionId}`;
  const stranger = await createPerson();
  return {
    "a session that was ended": gone.accessToken,
    "a person who was locked out": locked.accessToken,
    "a session whose row has expired": late.accessToken,
    "an expired token": await signed(env().SECRET_KEY, claims, "-1 minute"),
    "a token signed with another secret": await signed("x".repeat(32), claims, "1 hour"),
    "a token of no session": await signed(env().SECRET_KEY, { ...claims, sid: randomUUID() }, "1 hour"),
    "a session under another person's name": await signed(
      env().SECRET_KEY,
      { ...claims, sub: String(stranger.viewer.userId) },
      "1 hour",
    ),
    "alg none": `${part({ alg: "none" })}.${payload}.`,
    "alg none with the old signature": `${part({ alg: "none" })}.${payload}.${signature}`,
    "a changed payload": `${header}.${part({ ...claims, sub: "1" })}.${signature}`,
    "a changed signature": withOtherSignature(victim.accessToken),
    "no signature": `${header}.${payload}.`,
    nonsense: "not.a.token",
  };
}

/** API tokens that must open nothing. */
export async function badApiTokens(victim: Person): Promise<Record<string, string>> {
  const wanted = CreateToken.parse({ name: "Bad" });
  const revoked = await createToken(victim.viewer, wanted);
  await revokeToken(victim.viewer, { id: revoked.id });
  const late = await createToken(victim.viewer, wanted);
  await sql()`update api_tokens set expires_at = now() - interval '1 second' where id = ${late.id}`;
  return {
    "a revoked API token": revoked.token,
    "an expired API token": late.token,
    "an API token that was never made": newApiToken(),
    "an API token with a wrong checksum": `${late.token.slice(0, -1)}${late.token.endsWith("A") ? "B" : "A"}`,
  };
}
