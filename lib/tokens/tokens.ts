import "server-only";
import { db, sql } from "@/db/client";
import { recordEvent } from "@/lib/audit/record";
import type { Viewer } from "@/lib/auth/viewer";
import { sha256 } from "@/lib/crypto";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { type Page, pageOf } from "@/lib/http/page";
import { mayChange } from "@/lib/keys/keys";
import { refuseForeign } from "@/lib/keys/ownership";
import { newApiToken, prefixOf } from "./format";
import type { CreateToken, NewToken, TokenId, TokenView } from "./schema";

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as ${column}`;
const ISSUED = `id, name, prefix, scopes, ${iso("created_at")}, ${iso("expires_at")}`;
const ACTIVE = "(revoked_at is null and (expires_at is null or expires_at > now()))";
const VIEW = `${ISSUED}, ${iso("last_used_at")}, ${ACTIVE} as is_active`;

type Issued = Omit<NewToken, "token">;

/** The team's tokens, newest first, revoked and expired ones too. */
export async function listTokens(viewer: Viewer, page: Page) {
  const [count] = await sql()<
    { total: number }[]
  >`select count(*) as total from api_tokens where team_id = ${viewer.teamId}`;
  const items = await sql()<TokenView[]>`
    select ${sql().unsafe(VIEW)} from api_tokens where team_id = ${viewer.teamId}
    order by api_tokens.created_at desc, id desc limit ${page.limit} offset ${(page.page - 1) * page.limit}`;
  return pageOf([...items], page, count?.total ?? 0);
}

/** A new token, told this once. 400 when the person already has as many active ones as allowed, counted under a lock. */
export async function createToken(viewer: Viewer, input: CreateToken): Promise<NewToken> {
  mayChange(viewer);
  const token = newApiToken();
  const days = input.expires_in_days ?? null;
  const created = await sql().begin(async (transaction) => {
    await transaction`select 1 from users where id = ${viewer.userId} for no key update`;
    const [held] = await transaction<{ count: number }[]>`
      select count(*) as count from api_tokens
      where team_id = ${viewer.teamId} and created_by = ${viewer.userId} and ${transaction.unsafe(ACTIVE)}`;
    const limit = env().MAX_API_TOKENS_PER_USER;
    if ((held?.count ?? 0) >= limit) {
      throw new AppError("bad_request", `You already have ${limit} active API tokens; revoke one first`);
    }
    const [row] = await transaction<Issued[]>`
      insert into api_tokens (team_id, created_by, name, prefix, token_hash, scopes, expires_at)
      values (${viewer.teamId}, ${viewer.userId}, ${input.name}, ${prefixOf(token)}, ${sha256(token)}, ${input.scopes}::text[],
        now() + ${days}::int * interval '1 day')
      returning ${transaction.unsafe(ISSUED)}`;
    return row;
  });
  return issued(viewer, created, token, "token.created");
}

/** Refuses a token from the next request on; it stays in the list. Again is fine. */
export async function revokeToken(viewer: Viewer, { id }: TokenId): Promise<void> {
  mayChange(viewer);
  const rows = await sql()`
    update api_tokens set revoked_at = coalesce(revoked_at, now()) where id = ${id} and team_id = ${viewer.teamId} returning id`;
  if (rows.length === 0) await refuseForeign("api_tokens", id);
  await recordEvent(db(), viewer, { action: "token.revoked", objectType: "api_token", objectId: id });
}

/** A new secret for the same token; the old one is refused at once. 409 when it was revoked or has expired. */
export async function rotateToken(viewer: Viewer, { id }: TokenId): Promise<NewToken> {
  mayChange(viewer);
  const token = newApiToken();
  const [row] = await sql()<Issued[]>`
    update api_tokens set token_hash = ${sha256(token)}, prefix = ${prefixOf(token)}
    where id = ${id} and team_id = ${viewer.teamId} and ${sql().unsafe(ACTIVE)} returning ${sql().unsafe(ISSUED)}`;
  if (!row) {
    const [ended] = await sql()`select 1 from api_tokens where id = ${id} and team_id = ${viewer.teamId}`;
    if (!ended) await refuseForeign("api_tokens", id);
    throw new AppError("conflict", "This API token was revoked or has expired; create a new one");
  }
  return issued(viewer, row, token, "token.rotated");
}

async function issued(
  viewer: Viewer,
  row: Issued | undefined,
  token: string,
  action: "token.created" | "token.rotated",
): Promise<NewToken> {
  if (!row) throw new Error("PostgreSQL returned no row for a written token");
  await recordEvent(db(), viewer, { action, objectType: "api_token", objectId: row.id, detail: { name: row.name } });
  return { ...row, token };
}
