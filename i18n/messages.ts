import type { Locale } from "./locales";

/** One file per namespace in `messages/<locale>/`; English is the shape that the others must have. */
export const NAMESPACES = [
  "admin",
  "audit",
  "auth",
  "common",
  "dashboard",
  "keys",
  "live",
  "profile",
  "stats",
  "sync",
  "tokens",
] as const;
export type Namespace = (typeof NAMESPACES)[number];

export type Messages = {
  admin: typeof import("@/messages/en/admin.json");
  audit: typeof import("@/messages/en/audit.json");
  auth: typeof import("@/messages/en/auth.json");
  common: typeof import("@/messages/en/common.json");
  dashboard: typeof import("@/messages/en/dashboard.json");
  keys: typeof import("@/messages/en/keys.json");
  live: typeof import("@/messages/en/live.json");
  profile: typeof import("@/messages/en/profile.json");
  stats: typeof import("@/messages/en/stats.json");
  sync: typeof import("@/messages/en/sync.json");
  tokens: typeof import("@/messages/en/tokens.json");
};

/** All texts of a language. */
export async function loadMessages(locale: Locale): Promise<Messages> {
  const files = await Promise.all(
    NAMESPACES.map(async (name) => [name, (await import(`../messages/${locale}/${name}.json`)).default] as const),
  );
  return Object.fromEntries(files) as Messages;
}
