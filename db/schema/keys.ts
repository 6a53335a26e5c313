import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { teams } from "./teams";
import { users } from "./users";

const instant = (name: string) => timestamp(name, { withTimezone: true });

/**
 * An OpenRouter credential being watched. A management key is the connection to an account: the keys it lists are rows of
 * their own that point to it and have no secret (`ciphertext` null). Money is USD.
 */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    teamId: integer("team_id")
      .notNull()
      .references(() => teams.id, { onDelete: "cascade" }),
    createdBy: integer("created_by").references(() => users.id, { onDelete: "set null" }),
    name: text().notNull(),
    description: text(),
    kind: text({ enum: ["inference", "management"] }).notNull(),
    /** Ours: whether we go on watching it. OpenRouter's own switch is `disabled`. */
    isActive: boolean("is_active").notNull().default(true),
    /**
     * The account: for an imported key the management key that stands for its account, for a further management key of the same account the
     * one that was connected first. Null for that one, and for a key that no management key covers.
     */
    managementKeyId: integer("management_key_id").references((): AnyPgColumn => apiKeys.id, { onDelete: "cascade" }),
    /** `v1.<key id>.<nonce>.<ciphertext>.<tag>`; null for a key that was imported and never pasted. */
    ciphertext: text(),
    /** SHA-256 of the whole key, lower-case hex: OpenRouter's own identifier of a key. */
    hash: text().notNull(),
    /** OpenRouter's masked text, shown as it comes. */
    label: text(),

    status: text({
      enum: ["valid", "invalid", "disabled", "expired", "limit_reached", "unverified", "unreachable", "deleted"],
    })
      .notNull()
      .default("unverified"),
    statusDetail: text("status_detail"),
    checkedAt: instant("checked_at"),

    upstreamName: text("upstream_name"),
    workspaceId: text("workspace_id"),
    workspaceName: text("workspace_name"),
    disabled: boolean(),
    limit: numeric("credit_limit"),
    limitRemaining: numeric("limit_remaining"),
    limitReset: text("limit_reset"),
    includeByokInLimit: boolean("include_byok_in_limit"),
    expiresAt: instant("expires_at"),
    upstreamCreatedAt: instant("upstream_created_at"),
    lastUsedAt: instant("last_used_at"),
    /** OpenRouter's id of the person who made the key. */
    creatorUserId: text("creator_user_id"),
    /** Management key only: `org:…` or `user:…`, what OpenRouter says whose the account is; null where it does not say. */
    upstreamAccount: text("upstream_account"),

    /** Management key only: the account's credits, where they can be read. */
    creditsTotal: numeric("credits_total"),
    creditsUsed: numeric("credits_used"),
    creditsAt: instant("credits_at"),

    /** The source of its usage rows, told on the page. */
    measuredBy: text("measured_by", { enum: ["analytics", "activity", "sample"] }),
    /** Why a poorer source was used, in words; null where the best one was. */
    measuredDetail: text("measured_detail"),
    lastSyncedAt: instant("last_synced_at"),
    lastSyncError: text("last_sync_error"),
    /** Usage is complete from here on (UTC); null until the first successful sync. */
    syncedFrom: instant("synced_from"),
    /** What began before this is counted by syncs alone; Broadcast adds only what began later. Null until the first reading. */
    measuredUntil: instant("measured_until"),
    /** Account only: the metrics and dimensions that its analytics list, read daily, and those that they refuse all the same. */
    analyticsMeta: jsonb("analytics_meta"),
    /** Account only: when speed and breakdowns, which OpenRouter keeps for 31 days, were last read. */
    detailsReadAt: instant("details_read_at"),

    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("api_keys_team_hash").on(table.teamId, table.hash),
    index("api_keys_team").on(table.teamId, table.createdAt.desc()),
    index("api_keys_management").on(table.managementKeyId),
    check("api_keys_secret", sql`${table.ciphertext} is not null or ${table.managementKeyId} is not null`),
  ],
);

/**
 * OpenRouter's own counters of a key, our sums of the same periods at the same moment, and the drift between them. USD. Days, weeks (from
 * Monday) and months are UTC, as OpenRouter's are. Null = not reported, or not compared.
 */
export const keyCounters = pgTable("key_counters", {
  apiKeyId: integer("api_key_id")
    .primaryKey()
    .references(() => apiKeys.id, { onDelete: "cascade" }),
  readAt: instant("read_at").notNull(),
  usage: numeric(),
  usageDaily: numeric("usage_daily"),
  usageWeekly: numeric("usage_weekly"),
  usageMonthly: numeric("usage_monthly"),
  byokUsage: numeric("byok_usage"),
  byokUsageDaily: numeric("byok_usage_daily"),
  byokUsageWeekly: numeric("byok_usage_weekly"),
  byokUsageMonthly: numeric("byok_usage_monthly"),
  /** The part of the all-time counter from before our history: a key older than a year, or spend before the first sample. */
  usageBefore: numeric("usage_before"),
  bookedCost: numeric("booked_cost"),
  bookedDaily: numeric("booked_daily"),
  bookedWeekly: numeric("booked_weekly"),
  bookedMonthly: numeric("booked_monthly"),
  /** What OpenRouter counts beyond `usageBefore` and our sum; counters are read before and after, and spend in between is no drift. */
  drift: numeric(),
  driftDaily: numeric("drift_daily"),
  driftWeekly: numeric("drift_weekly"),
  driftMonthly: numeric("drift_monthly"),
});

/** Where OpenRouter's Broadcast of an account arrives, and the hash of the secret it must bring. */
export const broadcastConnections = pgTable(
  "broadcast_connections",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    teamId: integer("team_id")
      .notNull()
      .references(() => teams.id, { onDelete: "cascade" }),
    /**
     * The account: for an imported key the management key that stands for its account, for a further management key of the same account the
     * one that was connected first. Null for that one, and for a key that no management key covers.
     */
    managementKeyId: integer("management_key_id").references(() => apiKeys.id, { onDelete: "cascade" }),
    /** A name of a key means one of this workspace, since a destination belongs to one; null = of any. */
    workspaceId: text("workspace_id"),
    name: text().notNull(),
    createdBy: integer("created_by").references(() => users.id, { onDelete: "set null" }),
    secretHash: text("secret_hash").notNull(),
    /** OpenRouter's id of the destination, when our button made it. */
    destinationId: text("destination_id"),
    createdAt: instant("created_at").notNull().defaultNow(),
    lastReceivedAt: instant("last_received_at"),
    lastTestedAt: instant("last_tested_at"),
    /** When something came that could not be read, whole or in part. */
    lastUnreadableAt: instant("last_unreadable_at"),
  },
  (table) => [index("broadcast_connections_team").on(table.teamId)],
);
