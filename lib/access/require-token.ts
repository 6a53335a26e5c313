import "server-only";
import { sha256 } from "@/lib/base/crypto";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { addressOf, callerLimit } from "./ip-address";
import { countUse, type RateState, rateState } from "./rate-limit";
import { bearerOf } from "./require-session";
import { looksLikeApiToken } from "./token-format";
import { consumeUse } from "./token-uses";
import { makeTokenViewer, type TokenViewer } from "./viewer";

/** Guessing is limited per address, whatever else is tried. */
const WITHOUT_TOKEN = { limit: 30, windowSeconds: 60 };

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

/** Who shows an API token, and where that leaves its rate limit: one round trip to the database. */
export async function requireToken(request: Request): Promise<TokenCheck> {
  const bearer = bearerOf(request);
  const ip = addressOf(request.headers);
  if (bearer && looksLikeApiToken(bearer)) {
    const row = await consumeUse(sha256(bearer));
    if (row) {
      const rate = rateState(row.count, row.reset, perToken());
      if (rate.exceeded)
        throw new TokenRefused("too_many_requests", "The rate limit of this API token is used up", rate);
      const { id: tokenId, team_id: teamId, scopes, data_version: dataVersion } = row;
      return { rate, viewer: makeTokenViewer({ tokenId, teamId, reach: { keys: "all" }, scopes, dataVersion, ip }) };
    }
  }
  const { bucket, limit } = callerLimit("no-token", ip, WITHOUT_TOKEN);
  const rate = await countUse(bucket, limit);
  if (rate.exceeded) throw new TokenRefused("too_many_requests", "Too many requests without a valid API token", rate);
  throw new TokenRefused("unauthorized", whyRefused(bearer), rate);
}

/** Where a request that gets an answer without a token (an unknown route, a wrong method) leaves the caller's rate limit. 429 beyond it. */
export async function rateOf(request: Request): Promise<RateState> {
  try {
    return (await requireToken(request)).rate;
  } catch (error) {
    if (error instanceof TokenRefused && error.code === "unauthorized") return error.rate;
    throw error;
  }
}

const perToken = () => ({ limit: env().RATE_LIMIT_REQUESTS, windowSeconds: env().RATE_LIMIT_WINDOW });

function whyRefused(bearer: string | null): string {
  if (!bearer) return "An API token is required: send Authorization: Bearer or_api_…";
  if (bearer.split(".").length === 3) return "This route needs an API token (or_api_…), not a session token";
  return "The API token is not known, has expired or was revoked";
}
