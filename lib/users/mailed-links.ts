import "server-only";
import { randomBytes } from "node:crypto";
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { mailedLinks } from "@/db/schema/users";
import { lockOwner } from "@/lib/access/limits";
import { sha256 } from "@/lib/base/crypto";
import { AppError } from "@/lib/base/errors";

type Link = { userId: number; purpose: "reset-password" | "change-email"; newEmail?: string };

const MINUTES = 30;

/** Makes the secret of a link that works once within 30 minutes; older links of the same purpose stop working. */
export async function createLink(database: Database, link: Link): Promise<string> {
  await lockOwner(database, { userId: link.userId });
  await voidLinks(database, link.userId, link.purpose);
  const token = randomBytes(32).toString("base64url");
  const expiresAt = sql`now() + make_interval(mins => ${MINUTES}::int)`;
  await database.insert(mailedLinks).values({ ...link, tokenHash: sha256(token), expiresAt });
  return token;
}

/**
 * Uses a link up. 400, the same for an unknown, used or old one. Give the transaction that does what the link is for; the person's row is held in
 * it, before the link's.
 */
export async function consumeLink(database: Database, token: string, purpose: Link["purpose"]) {
  const meant = and(eq(mailedLinks.tokenHash, sha256(token)), eq(mailedLinks.purpose, purpose));
  const [found] = await database.select({ userId: mailedLinks.userId }).from(mailedLinks).where(meant);
  if (!found) throw useless();
  await lockOwner(database, found);
  const [link] = await database
    .update(mailedLinks)
    .set({ usedAt: sql`now()` })
    .where(and(meant, isNull(mailedLinks.usedAt), gt(mailedLinks.expiresAt, sql`now()`)))
    .returning({ userId: mailedLinks.userId, newEmail: mailedLinks.newEmail });
  if (!link) throw useless();
  return link;
}

const useless = () => new AppError("bad_request", "This link was used already or is too old: please ask for a new one");

async function voidLinks(database: Database, userId: number, purpose: Link["purpose"]): Promise<void> {
  await database
    .update(mailedLinks)
    .set({ usedAt: sql`now()` })
    .where(and(eq(mailedLinks.userId, userId), eq(mailedLinks.purpose, purpose), isNull(mailedLinks.usedAt)));
}
