import { ApiError } from "../http";
import type { Settings } from "../settings";

/** Counts analytics calls per account over a sliding window of the machine's own time, whatever the world's clock says. */
export function createRateLimit(readMs: () => number = () => performance.now()) {
  const calls = new Map<string, number[]>();

  /** Throws ApiError 429 with Retry-After (whole seconds) when the account has used up its window. */
  return function admit(accountId: string, limit: Settings["analyticsRateLimit"]): void {
    if (limit === false) return;
    const now = readMs();
    const recent = (calls.get(accountId) ?? []).filter((at) => at > now - limit.windowMs);
    calls.set(accountId, recent);
    const [oldest] = recent;
    if (recent.length >= limit.requests && oldest !== undefined) {
      const waitMs = oldest + limit.windowMs - now;
      throw new ApiError(429, "Rate limit exceeded", undefined, {
        "Retry-After": String(Math.max(1, Math.ceil(waitMs / 1000))),
        "X-RateLimit-Limit": String(limit.requests),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": String(Math.ceil(performance.timeOrigin + now + waitMs)),
      });
    }
    recent.push(now);
  };
}
