import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import { ROLES } from "./enums";
import { users } from "./users";

/** Owner of keys, tokens, usage and settings. Registration makes a person's own team. */
export const teams = pgTable("teams", {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  name: text().notNull(),
  /** Grows with every write that a statistic can show; answers are cached and tagged by it. */
  dataVersion: bigint("data_version", { mode: "number" }).notNull().default(1),
  timezone: text().notNull().default("UTC"),
  /** ISO day on which a week begins, 1 = Monday. */
  weekStart: integer("week_start").notNull().default(1),
  locale: text(),
  /** Whether end users and countries, which may be personal data, are read from OpenRouter. */
  readsPeople: boolean("reads_people").notNull().default(false),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
});

/** Who belongs to a team, and as what. */
export const members = pgTable(
  "members",
  {
    teamId: integer("team_id")
      .notNull()
      .references(() => teams.id, { onDelete: "cascade" }),
    userId: integer("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    role: text({ enum: ROLES }).notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.userId] }), index("members_user").on(table.userId)],
);

/** What happened in a team, by whom and from where. Rows are only ever added: a trigger refuses the rest, until the whole team is gone. */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** Null for events that no team owns, a refused sign-in with an unknown address for one. No foreign key: history outlives its subject. */
    teamId: integer("team_id"),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    userId: integer("user_id"),
    sessionId: text("session_id"),
    tokenId: integer("token_id"),
    action: text().notNull(),
    objectType: text("object_type"),
    objectId: text("object_id"),
    ip: text(),
    detail: jsonb().$type<Record<string, unknown>>(),
  },
  (table) => [index("audit_events_team").on(table.teamId, table.at.desc())],
);

/** A named set of filters of a page. */
export const savedViews = pgTable(
  "saved_views",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    teamId: integer("team_id")
      .notNull()
      .references(() => teams.id, { onDelete: "cascade" }),
    userId: integer("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    page: text({ enum: ["dashboard", "stats"] }).notNull(),
    name: text().notNull(),
    query: text().notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index("saved_views_user").on(table.userId, table.page)],
);
