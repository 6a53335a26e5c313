import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

/** A person. `email` is stored lower-case; the unique index makes the rule hold whoever writes. */
export const users = pgTable(
  "users",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    email: text().notNull(),
    emailVerified: timestamp("email_verified", { withTimezone: true, mode: "date" }),
    name: text(),
    image: text(),
    /** bcrypt, 12 rounds; null for people who sign in only by passkey or through an OAuth provider. */
    passwordHash: text("password_hash"),
    timezone: text().notNull().default("UTC"),
    locale: text().notNull().default("en"),
    theme: text().notNull().default("system"),
    isActive: boolean("is_active").notNull().default(true),
    /** The first person of an instance looks after it. */
    isAdmin: boolean("is_admin").notNull().default(false),
    /** AES-256-GCM, bound to this row; null when no second factor by TOTP was set up. */
    totpSecret: text("totp_secret"),
    totpEnabledAt: timestamp("totp_enabled_at", { withTimezone: true }),
    /** The last accepted time step, so that one code opens one door once. */
    totpLastStep: integer("totp_last_step"),
    /** Since when a passkey, too, answers for the second factor after the password; null when it does not. */
    passkeyFactorAt: timestamp("passkey_factor_at", { withTimezone: true }),
    /** What authenticators know this person by (the WebAuthn user handle): random, so that it says nothing. */
    passkeyHandle: uuid("passkey_handle").notNull().defaultRandom(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [uniqueIndex("users_email_unique").on(sql`lower(${table.email})`)],
);

/** A login at an OAuth or OpenID provider that belongs to a user (the shape that Auth.js expects). */
export const accounts = pgTable(
  "accounts",
  {
    userId: integer("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    type: text().notNull(),
    provider: text().notNull(),
    providerAccountId: text("provider_account_id").notNull(),
    refresh_token: text(),
    access_token: text(),
    expires_at: integer(),
    token_type: text(),
    scope: text(),
    id_token: text(),
    session_state: text(),
    /** What was linked before the mailbox was proven is not the mailbox owner's. */
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.providerAccountId] }),
    index("accounts_user").on(table.userId),
  ],
);

/** One-time links that were mailed: password reset, change of e-mail. Only the SHA-256 of the token is kept. */
export const mailedLinks = pgTable(
  "mailed_links",
  {
    tokenHash: text("token_hash").primaryKey(),
    userId: integer("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    purpose: text({ enum: ["reset-password", "change-email"] }).notNull(),
    newEmail: text("new_email"),
    expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
    usedAt: timestamp("used_at", { withTimezone: true }),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index("mailed_links_user").on(table.userId)],
);

/** A one-time code that replaces the second factor when the phone is lost. */
export const recoveryCodes = pgTable(
  "recovery_codes",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    userId: integer("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    codeHash: text("code_hash").notNull(),
    usedAt: timestamp("used_at", { withTimezone: true }),
  },
  (table) => [uniqueIndex("recovery_codes_unique").on(table.userId, table.codeHash)],
);

/** A WebAuthn credential. */
export const passkeys = pgTable(
  "passkeys",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    userId: integer("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    credentialId: text("credential_id").notNull().unique(),
    publicKey: text("public_key").notNull(),
    /** How often the authenticator signed, as it says itself: up to 2³² − 1, and always 0 where it does not count. */
    counter: bigint({ mode: "number" }).notNull().default(0),
    transports: text().array().notNull().default(sql`'{}'`),
    name: text().notNull(),
    /** Whether it stays on one device or is synced to others, and whether it is backed up just now. */
    deviceType: text("device_type", { enum: ["singleDevice", "multiDevice"] }),
    backedUp: boolean("backed_up"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    lastUsedAt: timestamp("last_used_at", { withTimezone: true }),
  },
  (table) => [index("passkeys_user").on(table.userId)],
);

/** A signed-in device. The JWT names this row; ending the row ends the JWT. */
export const sessions = pgTable(
  "sessions",
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: integer("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text({ enum: ["page", "api"] }).notNull(),
    ip: text(),
    userAgent: text("user_agent"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    lastSeenAt: timestamp("last_seen_at", { withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
    revokedAt: timestamp("revoked_at", { withTimezone: true }),
  },
  (table) => [index("sessions_user").on(table.userId, table.lastSeenAt.desc())],
);

/** A WebAuthn challenge that was handed out and not answered yet. */
export const passkeyChallenges = pgTable("passkey_challenges", {
  challenge: text().primaryKey(),
  /** Whose answer is awaited; null when signing in by a passkey alone, where the answer tells. */
  userId: integer("user_id").references(() => users.id, { onDelete: "cascade" }),
  /** The session that asked to register a passkey. The row outlives it by minutes, and only the session could use it. */
  sessionId: uuid("session_id"),
  purpose: text({ enum: ["register", "login", "second-factor"] }).notNull(),
  expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
});
