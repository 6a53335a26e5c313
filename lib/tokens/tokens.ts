import "server-only";
import { and, desc, eq, gt, isNull, or, type SQL, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { utcSecond } from "@/db/fragment";
import { apiTokens } from "@/db/schema/tokens";
import { lockAndCount } from "@/lib/access/limits";
import { refuseForeign } from "@/lib/access/ownership";
import type { AuditEvent } from "@/lib/access/record-event";
import { newApiToken, prefixOf } from "@/lib/access/token-format";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { sha256 } from "@/lib/base/crypto";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { type Page, pageOf } from "@/lib/base/page";
import { requireLivingSession } from "@/lib/sessions/living";
import type { CreateToken, NewToken, TokenId, TokenView } from "./schema";

const issued = {
  id: apiTokens.id,
  name: apiTokens.name,
  prefix: apiTokens.prefix,
  scopes: apiTokens.scopes,
  created_at: utcSecond(apiTokens.createdAt),
  expires_at: utcSecond(apiTokens.expiresAt) as SQL<string | null>,
};
const active = and(isNull(apiTokens.revokedAt), or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, sql`now()`)));
const view = {
  ...issued,
  last_used_at: utcSecond(apiTokens.lastUsedAt) as SQL<string | null>,
  is_active: sql<boolean>`(${active})`,
};

const ofTeam = (viewer: Viewer, id: number) => and(eq(apiTokens.id, id), eq(apiTokens.teamId, viewer.teamId));

/** The team's tokens, newest first, revoked and expired ones too. */
export async function listTokens(viewer: Viewer, { page, limit }: Page) {
  const ours = eq(apiTokens.teamId, viewer.teamId);
  const total = await db().$count(apiTokens, ours);
  const items: TokenView[] = await db()
    .select(view)
    .from(apiTokens)
    .where(ours)
    .orderBy(desc(apiTokens.createdAt), desc(apiTokens.id))
    .limit(limit)
    .offset((page - 1) * limit);
  return pageOf(items, { page, limit }, total);
}

/** A new token, told this once. 400 when the person already has as many active ones as allowed. */
export async function createToken(viewer: Viewer, input: CreateToken): Promise<NewToken> {
  const token = newApiToken();
  const days = input.expires_in_days ?? null;
  const most = env().MAX_API_TOKENS_PER_USER;
  return withTransaction(viewer, async ({ tx, record }) => {
    await requireLivingSession(tx, viewer);
    await lockAndCount(tx, {
      owner: { userId: viewer.userId },
      table: apiTokens,
      where: and(eq(apiTokens.teamId, viewer.teamId), eq(apiTokens.createdBy, viewer.userId), active),
      most,
      detail: `You already have ${most} active API tokens; revoke one first`,
    });
    const [row] = await tx
      .insert(apiTokens)
      .values({
        teamId: viewer.teamId,
        createdBy: viewer.userId,
        name: input.name,
        prefix: prefixOf(token),
        tokenHash: sha256(token),
        scopes: input.scopes,
        expiresAt: sql`now() + ${days}::int * interval '1 day'`,
      })
      .returning(issued);
    if (!row) throw new Error("PostgreSQL returned no row for a written token");
    await record(tokenEvent("token.created", row));
    return { ...row, token };
  });
}

/** Refuses a token from the next request on; it stays in the list. Again is fine. */
export async function revokeToken(viewer: Viewer, { id }: TokenId): Promise<void> {
  await withTransaction(viewer, async ({ tx, record }) => {
    const [row] = await tx
      .update(apiTokens)
      .set({ revokedAt: sql`coalesce(${apiTokens.revokedAt}, now())` })
      .where(ofTeam(viewer, id))
      .returning(issued);
    if (!row) return refuseForeign("api_tokens", id);
    await record(tokenEvent("token.revoked", row));
  });
}

/** A new secret for the same token; the old one is refused at once. 409 when it was revoked or has expired. */
export async function rotateToken(viewer: Viewer, { id }: TokenId): Promise<NewToken> {
  const token = newApiToken();
  return withTransaction(viewer, async ({ tx, record }) => {
    await requireLivingSession(tx, viewer);
    const [row] = await tx
      .update(apiTokens)
      .set({ tokenHash: sha256(token), prefix: prefixOf(token) })
      .where(and(ofTeam(viewer, id), active))
      .returning(issued);
    if (!row) {
      if ((await tx.$count(apiTokens, ofTeam(viewer, id))) === 0) await refuseForeign("api_tokens", id);
      throw new AppError("conflict", "This API token was revoked or has expired; create a new one");
    }
    await record(tokenEvent("token.rotated", row));
    return { ...row, token };
  });
}

const tokenEvent = (
  action: "token.created" | "token.revoked" | "token.rotated",
  { id, name }: { id: number; name: string },
): AuditEvent => ({ action, objectType: "api_token", objectId: id, detail: { name } });
