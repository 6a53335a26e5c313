import "server-only";
import { and, eq } from "drizzle-orm";
import { headers } from "next/headers";
import type { Account, Profile, User } from "next-auth";
import { db } from "@/db/client";
import { accounts, sessions, users } from "@/db/schema/users";
import { maybePageViewer } from "@/lib/access/page-viewer";
import { startSession } from "@/lib/sign-in/login";
import { isRegistrationOpen } from "@/lib/users/create-account";
import { ownTeamOf } from "@/lib/users/own-team";
import { deviceOf } from "./device";
import { isLinkingAllowed } from "./link-consent";

/** Sessions begun at another service last as long as remembered ones. */
const HOURS = 30 * 24;

type Entrance = { user: User; account?: Account | null; profile?: Profile };

/**
 * Whether somebody whom another service vouches for may come in: a known login of an active person always, a new one only with an e-mail
 * address that the service has verified, where registration is open. That address never opens an account that exists already: Auth.js refuses
 * to link it. For people who are signed in it is about connecting the service to their account; then the answer may be a page that says why not.
 */
export async function mayEnter({ account, profile }: Entrance): Promise<boolean | string> {
  if (!account || account.type === "credentials") return true;
  const [known] = await db()
    .select({ userId: users.id, isActive: users.isActive })
    .from(accounts)
    .innerJoin(users, eq(users.id, accounts.userId))
    .where(and(eq(accounts.provider, account.provider), eq(accounts.providerAccountId, account.providerAccountId)));
  const viewer = await maybePageViewer();
  if (viewer) {
    if (known) return known.userId === viewer.userId || "/profile?service=taken";
    return (await isLinkingAllowed(viewer, account.provider)) || "/profile?service=refused";
  }
  if (known) return known.isActive;
  return Boolean(profile?.email) && isVerified(profile?.email_verified) && (await isRegistrationOpen());
}

/** The claim is a boolean (OpenID Connect Core, 5.1), which some providers send as text. */
const isVerified = (claim: unknown): boolean => claim === true || claim === "true";

/** The session of somebody who came in through another service, whose second factor is its own business. Who was signed in already keeps theirs. */
export async function providerSession(userId: number, service: string) {
  const viewer = await maybePageViewer();
  if (viewer?.userId === userId) return { sessionId: viewer.sessionId, sessionEnds: await endOf(viewer.sessionId) };
  const device = deviceOf(await headers());
  const who = { userId, teamId: await ownTeamOf(db(), userId) };
  const session = await startSession(who, device, { kind: "page", hours: HOURS, by: service });
  return { sessionId: session.sessionId, sessionEnds: session.expiresAt.getTime() / 1000 };
}

async function endOf(sessionId: string): Promise<number> {
  const [row] = await db().select({ at: sessions.expiresAt }).from(sessions).where(eq(sessions.id, sessionId));
  if (!row) throw new Error("The session is gone");
  return row.at.getTime() / 1000;
}
