import "server-only";
import { randomBytes } from "node:crypto";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/auth/viewer";
import { sha256 } from "@/lib/crypto";
import { AppError } from "@/lib/errors";
import { type Page, pageOf } from "@/lib/http/page";
import { mayChange } from "@/lib/keys/keys";
import { refuseForeign } from "@/lib/keys/ownership";
import type { Money } from "@/lib/money";
import type { BadgeView, CreateBadge, NewBadge } from "./schema";

const CREATED = `to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at`;

/** Who made a badge has not made their address public. */
const EMAIL = /[^\s@]@[^\s@]+\.[^\s@]/;

/** An address that shows one number, this month's spend of a key or of the team, to whoever has it. It is told this once. */
export async function createBadge(
  viewer: Viewer,
  { api_key_id: keyId = null, label = null }: CreateBadge,
): Promise<NewBadge> {
  mayChange(viewer);
  const secret = randomBytes(24).toString("base64url");
  const [row] = await sql()<Omit<NewBadge, "path">[]>`
    insert into badges (team_id, api_key_id, label, secret_hash)
    select ${viewer.teamId}, ${keyId}::int, ${label}, ${sha256(secret)}
    where ${keyId}::int is null or exists (select 1 from api_keys where id = ${keyId} and team_id = ${viewer.teamId})
    returning id, api_key_id, label, ${sql().unsafe(CREATED)}`;
  if (!row) return refuseForeign("api_keys", keyId ?? 0);
  return { ...row, path: `/badge/${secret}.svg` };
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
  mayChange(viewer);
  const rows = await sql()`
    update badges set revoked_at = coalesce(revoked_at, now()) where id = ${id} and team_id = ${viewer.teamId} returning id`;
  if (rows.length === 0) await refuseForeign("badges", id);
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
