import { index, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { teams } from "./teams";
import { users } from "./users";

const instant = (name: string) => timestamp(name, { withTimezone: true });

/** Our own credential for our public API. Only the SHA-256 of the token is kept. */
export const apiTokens = pgTable(
  "api_tokens",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    teamId: integer("team_id")
      .notNull()
      .references(() => teams.id, { onDelete: "cascade" }),
    createdBy: integer("created_by").references(() => users.id, { onDelete: "set null" }),
    name: text().notNull(),
    prefix: text().notNull(),
    tokenHash: text("token_hash").notNull().unique(),
    scopes: text().array().notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    lastUsedAt: instant("last_used_at"),
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
  },
  (table) => [index("api_tokens_team").on(table.teamId, table.createdAt.desc())],
);

/** How often something was done in a window, shared by all processes. */
export const rateLimits = pgTable("rate_limits", {
  bucket: text().primaryKey(),
  windowStart: instant("window_start").notNull(),
  count: integer().notNull(),
});

/** A secret that shows one number, a team's or a key's spend this month, to whoever has the address. */
export const badges = pgTable(
  "badges",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    teamId: integer("team_id")
      .notNull()
      .references(() => teams.id, { onDelete: "cascade" }),
    apiKeyId: integer("api_key_id"),
    /** What the badge says, in public; null = the key's or the team's name. */
    label: text(),
    createdBy: integer("created_by").references(() => users.id, { onDelete: "set null" }),
    secretHash: text("secret_hash").notNull().unique(),
    createdAt: instant("created_at").notNull().defaultNow(),
    revokedAt: instant("revoked_at"),
  },
  (table) => [index("badges_team").on(table.teamId)],
);
