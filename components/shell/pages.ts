/**
 * The pages of the navigation: the key that leads there after `g`, and the permission that the page asks for
 * (`lib/access/permissions.ts`). Who lacks it is not led there.
 */
export const PAGES = [
  { href: "/dashboard", text: "dashboard", key: "d", access: "usage.read" },
  { href: "/stats", text: "stats", key: "s", access: "usage.read" },
  { href: "/live", text: "live", key: "l", access: "live.read" },
  { href: "/keys", text: "keys", key: "k", access: "keys.read" },
  { href: "/tokens", text: "tokens", key: "t", access: "tokens.read" },
  { href: "/docs", text: "docs", key: "r", access: "personal" },
  { href: "/profile", text: "profile", key: "p", access: "personal" },
] as const;

/** The pages but those that are hidden from this person. */
export const pagesWithout = (hidden: readonly string[]) => PAGES.filter(({ href }) => !hidden.includes(href));
