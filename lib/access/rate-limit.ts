import "server-only";
import { sql } from "@/db/client";
import { AppError } from "@/lib/base/errors";

export type RateLimit = { limit: number; windowSeconds: number };
export type RateState = {
  limit: number;
  remaining: number;
  resetSeconds: number;
  windowSeconds: number;
  exceeded: boolean;
};

/**
 * Counts one use of a bucket in its fixed window, in the database, so that the limit holds over all processes.
 * `resetSeconds`: whole seconds until the window ends, at least 1.
 */
export async function countUse(bucket: string, { limit, windowSeconds }: RateLimit): Promise<RateState> {
  const [row] = await sql()<{ count: number; reset: number }[]>`
    insert into rate_limits as r (bucket, window_start, count)
    values (${bucket}, to_timestamp(floor(extract(epoch from now()) / ${windowSeconds}::int) * ${windowSeconds}::int), 1)
    on conflict (bucket) do update set
      count = case when r.window_start = excluded.window_start then r.count + 1 else 1 end,
      window_start = excluded.window_start
    returning count, ceil(extract(epoch from window_start) + ${windowSeconds}::int - extract(epoch from now()))::int as reset`;
  return rateState(row?.count ?? 1, row?.reset ?? windowSeconds, { limit, windowSeconds });
}

/** What a count means for a limit. */
export function rateState(count: number, reset: number, { limit, windowSeconds }: RateLimit): RateState {
  return {
    limit,
    windowSeconds,
    remaining: Math.max(0, limit - count),
    resetSeconds: Math.max(1, reset),
    exceeded: count > limit,
  };
}

/** Counts one use and refuses with 429 when it was one too many. */
export async function limitUse(
  bucket: string,
  limit: RateLimit,
  detail = "Too many attempts; please wait a little",
): Promise<void> {
  const state = await countUse(bucket, limit);
  if (state.exceeded) throw new AppError("too_many_requests", detail, { retryAfterSeconds: state.resetSeconds });
}

/** `X-RateLimit-*` as widely used (Reset in Unix seconds) and `RateLimit`/`RateLimit-Policy` of the IETF draft. */
export function rateHeaders(state: RateState, now = new Date()): Record<string, string> {
  return {
    "X-RateLimit-Limit": String(state.limit),
    "X-RateLimit-Remaining": String(state.remaining),
    "X-RateLimit-Reset": String(Math.floor(now.getTime() / 1000) + state.resetSeconds),
    "RateLimit-Policy": `"default";q=${state.limit};w=${state.windowSeconds}`,
    RateLimit: `"default";r=${state.remaining};t=${state.resetSeconds}`,
  };
}

/** Takes back one counted use, for an attempt that turned out to be rightful. */
export async function refundUse(bucket: string): Promise<void> {
  await sql()`update rate_limits set count = greatest(count - 1, 0) where bucket = ${bucket}`;
}
