import "server-only";
import { randomBytes } from "node:crypto";
import { and, eq, isNull, sql as typed } from "drizzle-orm";
import { sql } from "@/db/client";
import { utcSecond } from "@/db/fragment";
import { apiKeys } from "@/db/schema/keys";
import { badges } from "@/db/schema/tokens";
import { lockAndCount } from "@/lib/access/limits";
import { refuseForeign } from "@/lib/access/ownership";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { sha256 } from "@/lib/base/crypto";
import { AppError } from "@/lib/base/errors";
import type { Money } from "@/lib/base/money";
import { type Page, pageOf } from "@/lib/base/page";
import { requireLivingSession } from "@/lib/sessions/living";
import type { BadgeView, CreateBadge, NewBadge } from "./schema";

const CREATED = `to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at`;

/** Who made a badge has not made their address public. */
const EMAIL = /[^\s@]@[^\s@]+\.[^\s@]/;

/** Living badges of a team; each is an address at which spend is public. */
const MOST_BADGES = 50;

const living = (viewer: Viewer) => and(eq(badges.teamId, viewer.teamId), isNull(badges.revokedAt));

/**
 * An address that shows one number, this month's spend of a key or of the team, to whoever has it. It is told this once. Errors: 404/403 for a
 * key that is not the team's, 400 at 50 living badges.
 */
export async function createBadge(
  viewer: Viewer,
  { api_key_id: keyId = null, label = null }: CreateBadge,
): Promise<NewBadge> {
  const secret = randomBytes(24).toString("base64url");
  return withTransaction(viewer, async ({ tx, record }) => {
    await requireLivingSession(tx, viewer);
    await lockAndCount(tx, {
      owner: { teamId: viewer.teamId },
      table: badges,
      where: living(viewer),
      most: MOST_BADGES,
      detail: `A team can have ${MOST_BADGES} badges; withdraw one first`,
    });
    const named = and(eq(apiKeys.id, keyId ?? 0), eq(apiKeys.teamId, viewer.teamId));
    const [key] = keyId === null ? [] : await tx.select({ name: apiKeys.name }).from(apiKeys).where(named);
    if (keyId !== null && !key) return refuseForeign("api_keys", keyId);
    const [row] = await tx
      .insert(badges)
      .values({ teamId: viewer.teamId, apiKeyId: keyId, label, createdBy: viewer.userId, secretHash: sha256(secret) })
      .returning({
        id: badges.id,
        api_key_id: badges.apiKeyId,
        label: badges.label,
        created_at: utcSecond(badges.createdAt),
      });
    if (!row) throw new Error("PostgreSQL returned no row for a written badge");
    const detail = { name: label ?? key?.name ?? null };
    await record({ action: "badge.created", objectType: "badge", objectId: row.id, detail });
    return { ...row, path: `/badge/${secret}.svg` };
  });
}

/** The team's badges, newest first, withdrawn ones too. */
export async function listBadges(viewer: Viewer, page: Page) {
  const [count] = await sql()<
    { total: number }[]
  >`select count(*) as total from badges where team_id = ${viewer.teamId}`;
  const items = await sql()<BadgeView[]>`
    select id, api_key_id, label, ${sql().unsafe(CREATED)}, revoked_at is null as is_active from badges
    where team_id = ${viewer.teamId} order by id desc limit ${page.limit} offset ${(page.page - 1) * page.limit}`;
  return pageOf([...items], page, count?.total ?? 0);
}

/** Withdraws a badge: its address shows nothing from then on. Again is fine. */
export async function revokeBadge(viewer: Viewer, { id }: { id: number }): Promise<void> {
  const ours = and(eq(badges.id, id), eq(badges.teamId, viewer.teamId));
  await withTransaction(viewer, async ({ tx, record }) => {
    const ended = await tx
      .update(badges)
      .set({ revokedAt: typed`now()` })
      .where(and(ours, isNull(badges.revokedAt)))
      .returning({ id: badges.id });
    if (ended.length === 0 && (await tx.$count(badges, ours)) === 0) await refuseForeign("badges", id);
    await record(ended.length > 0 ? { action: "badge.deleted", objectType: "badge", objectId: id } : null);
  });
}

/** What a badge shows: cost of this UTC month in USD, rounded to cents, null while nothing was read of it. 404 when the secret opens nothing. */
export async function readBadge(secret: string): Promise<{ label: string; cost: Money | null }> {
  const [row] = await sql()<{ label: string | null; name: string; cost: Money | null }[]>`
    select b.label, coalesce(keys.name, teams.name) as name, (
      select round(coalesce(sum(cost), (
        select 0 from api_keys k where k.team_id = b.team_id and (b.api_key_id is null or k.id = b.api_key_id)
          and k.last_synced_at >= date_trunc('month', now(), 'UTC') limit 1
      )), 2)::text from usage_stats s
      where s.team_id = b.team_id and (b.api_key_id is null or s.api_key_id = b.api_key_id)
        and s.date >= date_trunc('month', now() at time zone 'UTC')::date
    ) as cost
    from badges b join teams on teams.id = b.team_id
    left join api_keys keys on keys.id = b.api_key_id and keys.team_id = b.team_id
    where b.secret_hash = ${sha256(secret)} and b.revoked_at is null and (b.api_key_id is null or keys.id is not null)`;
  if (!row) throw new AppError("not_found", "There is no such badge");
  return { label: row.label ?? (EMAIL.test(row.name) ? "OpenRouter" : row.name), cost: row.cost };
}
