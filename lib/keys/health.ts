import { DAY_MS } from "@/lib/base/time";
import type { KeyView } from "./schema";

/** What about a key wants attention. Safe for the browser. */
export const WARNINGS = [
  "not_accepted",
  "not_read",
  "limit_reached",
  "near_limit",
  "expiring",
  "never_used",
  "no_limit",
] as const;
export type Warning = (typeof WARNINGS)[number];
export type Health = { warning: Warning; keys: KeyView[] };

const NEAR = 0.8;
const SOON_DAYS = 14;

/** Warnings with the keys they are about, the gravest first; only keys that are watched, and only warnings that have any. */
export function healthOf(keys: KeyView[], now: Date): Health[] {
  const watched = keys.filter((key) => key.is_active && key.status !== "deleted");
  return WARNINGS.map((warning) => ({ warning, keys: watched.filter((key) => TESTS[warning](key, now)) })).filter(
    (health) => health.keys.length > 0,
  );
}

const TESTS: Record<Warning, (key: KeyView, now: Date) => boolean> = {
  not_accepted: ({ status }) => status === "invalid" || status === "expired" || status === "disabled",
  not_read: (key, now) =>
    (key.last_synced_at === null || key.last_sync_error !== null) && !TESTS.not_accepted(key, now),
  limit_reached: ({ status }) => status === "limit_reached",
  near_limit: (key) => key.status !== "limit_reached" && usedShare(key) >= NEAR,
  expiring: ({ expires_at: at, status }, now) =>
    at !== null && status !== "expired" && Date.parse(at) - now.getTime() < SOON_DAYS * DAY_MS,
  never_used: (key) =>
    key.kind === "inference" && key.last_used_at === null && key.last_synced_at !== null && !key.spend_month,
  no_limit: (key) => key.kind === "inference" && key.limit === null && key.last_synced_at !== null,
};

/** The used share of a key's limit in its present period, 0 without a limit. */
export function usedShare({ limit, limit_remaining: left }: Pick<KeyView, "limit" | "limit_remaining">): number {
  return limit && left !== null ? (limit - left) / limit : 0;
}
