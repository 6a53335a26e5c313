/** The pages of the navigation, with the key that leads there after `g`. */
export const PAGES = [
  { href: "/dashboard", text: "dashboard", key: "d" },
  { href: "/stats", text: "stats", key: "s" },
  { href: "/live", text: "live", key: "l" },
  { href: "/keys", text: "keys", key: "k" },
  { href: "/tokens", text: "tokens", key: "t" },
  { href: "/docs", text: "docs", key: "r" },
  { href: "/profile", text: "profile", key: "p" },
] as const;
