import "server-only";
import { and, eq } from "drizzle-orm";
import { headers } from "next/headers";
import type { Account, Profile, User } from "next-auth";
import { db } from "@/db/client";
import { accounts, users } from "@/db/schema/users";
import { startSession } from "@/lib/users/login";
import { ownTeamOf } from "@/lib/users/own-team";
import { deviceOf } from "./device";

/** Sessions begun at another service last as long as remembered ones. */
const HOURS = 30 * 24;

/**
 * Whether somebody whom another service vouches for may come in: a known login of an active person always, a new one only with an e-mail
 * address that the service has verified. That address never opens an account that exists already: Auth.js refuses to link it.
 */
export async function mayEnter({ account, profile }: { user: User; account?: Account | null; profile?: Profile }) {
  if (!account || account.type === "credentials") return true;
  const [known] = await db()
    .select({ isActive: users.isActive })
    .from(accounts)
    .innerJoin(users, eq(users.id, accounts.userId))
    .where(and(eq(accounts.provider, account.provider), eq(accounts.providerAccountId, account.providerAccountId)));
  if (known) return known.isActive;
  return Boolean(profile?.email) && profile?.email_verified === true;
}

/** The session of somebody who came in through another service. Its second factor is that service's own business. */
export async function startServiceSession(userId: number, service: string) {
  const device = deviceOf(await headers());
  const who = { userId, teamId: await ownTeamOf(db(), userId) };
  const session = await startSession(who, device, { kind: "page", hours: HOURS, by: service });
  return { sessionId: session.sessionId, sessionEnds: session.expiresAt.getTime() / 1000 };
}
