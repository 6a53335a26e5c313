import "server-only";
import { sql } from "@/db/client";
import { sha256 } from "@/lib/crypto";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { countUse, type RateState, rateState } from "@/lib/rate-limit";
import { looksLikeApiToken } from "@/lib/tokens/format";
import { addressOf } from "./address";
import { bearerOf } from "./require-session";
import { makeTokenViewer, type TokenViewer } from "./viewer";

/** Guessing is limited per address, whatever else is tried. */
const WITHOUT_TOKEN = { limit: 30, windowSeconds: 60 };

type Row = { id: number; team_id: number; scopes: string[]; data_version: number; count: number; reset: number };

export type TokenCheck = { viewer: TokenViewer; rate: RateState };

/** A refusal that still carries the rate-limit headers of the bucket that counted it. */
export class TokenRefused extends AppError {
  constructor(
    code: "unauthorized" | "too_many_requests",
    detail: string,
    readonly rate: RateState,
  ) {
    super(code, detail, code === "too_many_requests" ? { retryAfterSeconds: rate.resetSeconds } : {});
  }
}

/**
 * Who shows an API token. One statement finds the token, counts the use, notes `last_used_at` (to the minute) and reads the team's data
 * version; a token that was revoked or has expired is refused at the very next request.
 */
export async function requireToken(request: Request): Promise<TokenCheck> {
  const bearer = bearerOf(request);
  const ip = addressOf(request.headers);
  if (bearer && looksLikeApiToken(bearer)) {
    const row = await spendUse(sha256(bearer));
    if (row) {
      const rate = rateState(row.count, row.reset, perToken());
      if (rate.exceeded)
        throw new TokenRefused("too_many_requests", "The rate limit of this API token is used up", rate);
      const { id: tokenId, team_id: teamId, scopes, data_version: dataVersion } = row;
      return { rate, viewer: makeTokenViewer({ tokenId, teamId, scopes, dataVersion, ip }) };
    }
  }
  const rate = await countUse(`no-token:${ip ?? "unknown"}`, WITHOUT_TOKEN);
  if (rate.exceeded) throw new TokenRefused("too_many_requests", "Too many requests without a valid API token", rate);
  throw new TokenRefused("unauthorized", whyRefused(bearer), rate);
}

const perToken = () => ({ limit: env().RATE_LIMIT_REQUESTS, windowSeconds: env().RATE_LIMIT_WINDOW });

function whyRefused(bearer: string | null): string {
  if (!bearer) return "An API token is required: send Authorization: Bearer or_api_…";
  if (bearer.split(".").length === 3) return "This route needs an API token (or_api_…), not a session token";
  return "The API token is not known, has expired or was revoked";
}

async function spendUse(tokenHash: string): Promise<Row | undefined> {
  const window = env().RATE_LIMIT_WINDOW;
  const [row] = await sql()<Row[]>`
    with token as (
      select t.id, t.team_id, t.scopes, t.last_used_at, teams.data_version
      from api_tokens t join teams on teams.id = t.team_id
      where t.token_hash = ${tokenHash} and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
    ), used as (
      insert into rate_limits as r (bucket, window_start, count)
      select 'token:' || id, to_timestamp(floor(extract(epoch from now()) / ${window}::int) * ${window}::int), 1 from token
      on conflict (bucket) do update set
        count = case when r.window_start = excluded.window_start then r.count + 1 else 1 end,
        window_start = excluded.window_start
      returning count, ceil(extract(epoch from window_start) + ${window}::int - extract(epoch from now()))::int as reset
    ), noted as (
      update api_tokens set last_used_at = now()
      where id = (select id from token where last_used_at is null or last_used_at < now() - interval '1 minute')
    )
    select token.id, token.team_id, token.scopes, token.data_version, used.count, used.reset from token, used`;
  return row;
}
