/**
 * Values of columns that hold one of a few words. The tables, the zod schemas and the types are all made from these;
 * safe for the browser.
 */

/** What a person may be in a team, from the most rights to the fewest. */
export const ROLES = ["owner", "admin", "member", "viewer", "finance", "holder"] as const;
export type Role = (typeof ROLES)[number];

/** What an API token may read. */
export const SCOPES = ["read:stats", "read:usage", "read:keys", "read:metrics"] as const;
export type Scope = (typeof SCOPES)[number];
