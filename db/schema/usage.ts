import { sql } from "drizzle-orm";
import { bigint, date, index, integer, jsonb, numeric, pgTable, text, timestamp, unique } from "drizzle-orm/pg-core";
import { apiKeys } from "./keys";
import { teams } from "./teams";

const count = (name: string) => bigint(name, { mode: "number" });

/**
 * What is counted, wherever it is counted. Null = not reported, never 0. Money is USD. `lib/usage/measures.ts` says which of OpenRouter's metrics
 * each one is; the parts of `cost` are as OpenRouter splits it.
 */
const measures = {
  requests: count("requests"),
  tokensInput: count("tokens_input"),
  tokensOutput: count("tokens_output"),
  tokensReasoning: count("tokens_reasoning"),
  tokensCached: count("tokens_cached"),
  cost: numeric().notNull(),
  /** What the person's own provider keys were charged, as OpenRouter estimates it; not part of `cost`. */
  byokCost: numeric("byok_cost"),
  byokRequests: count("byok_requests"),
  tokensCacheable: count("tokens_cacheable"),
  requestsFromCache: count("requests_from_cache"),
  requestsGuarded: count("requests_guarded"),
  costUpstream: numeric("cost_upstream"),
  costCache: numeric("cost_cache"),
  costData: numeric("cost_data"),
  costWeb: numeric("cost_web"),
  costUpstreamWeb: numeric("cost_upstream_web"),
  costWithoutByok: numeric("cost_without_byok"),
  costByokFees: numeric("cost_byok_fees"),
  costFile: numeric("cost_file"),
  costUpstreamFile: numeric("cost_upstream_file"),
  costWebFetch: numeric("cost_web_fetch"),
  costUpstreamWebFetch: numeric("cost_upstream_web_fetch"),
};

/**
 * A row belongs to its key, and the key to the team. Triggers on each statement see to it (drizzle/0001): rows of a key that is not there, or is another
 * team's, are refused, and a deleted key takes its rows along. Foreign keys would ask once per row, which costs more than writing the row.
 */
const owner = { teamId: integer("team_id").notNull(), apiKeyId: integer("api_key_id").notNull() };

/** The same by foreign keys, for tables that are written a few rows at a time. */
const account = {
  teamId: integer("team_id")
    .notNull()
    .references(() => teams.id, { onDelete: "cascade" }),
  apiKeyId: integer("api_key_id")
    .notNull()
    .references(() => apiKeys.id, { onDelete: "cascade" }),
};

/**
 * The truth: usage per key, UTC hour, model and provider. Beyond 31 days OpenRouter keeps only days: such a row has
 * granularity `day` and the day's first hour.
 */
export const usageHours = pgTable(
  "usage_hours",
  {
    ...owner,
    hour: timestamp({ withTimezone: true }).notNull(),
    granularity: text({ enum: ["hour", "day"] })
      .notNull()
      .default("hour"),
    model: text(),
    provider: text(),
    source: text({ enum: ["analytics", "activity", "sample", "broadcast"] }).notNull(),
    ...measures,
  },
  (table) => [
    // The one index: a team's hours are found through its keys, because each further index makes writing dearer.
    unique("usage_hours_identity").on(table.apiKeyId, table.hour, table.model, table.provider).nullsNotDistinct(),
  ],
);

/** The roll-up of `usage_hours` per UTC day, kept in the same transaction. */
export const usageStats = pgTable(
  "usage_stats",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    ...owner,
    date: date({ mode: "string" }).notNull(),
    model: text(),
    provider: text(),
    ...measures,
  },
  (table) => [
    unique("usage_stats_identity").on(table.apiKeyId, table.date, table.model, table.provider).nullsNotDistinct(),
    index("usage_stats_team").on(table.teamId, table.date),
  ],
);

/**
 * One request as OpenRouter's Broadcast told it. Never prompts or answers. It belongs to its team and, where that is known, to a key of the team, and goes with
 * either; a connection that is deleted leaves it. Triggers on each statement see to that (drizzle/0001), as above.
 */
export const generations = pgTable(
  "generations",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    teamId: integer("team_id").notNull(),
    connectionId: integer("connection_id"),
    apiKeyId: integer("api_key_id"),
    apiKeyName: text("api_key_name"),
    /** `gen_ai.response.id`, or `<trace id>/<span id>` when it is missing. */
    generationId: text("generation_id").notNull(),
    startedAt: timestamp("started_at", { withTimezone: true }).notNull(),
    receivedAt: timestamp("received_at", { withTimezone: true }).notNull().defaultNow(),
    model: text(),
    provider: text(),
    tokensInput: bigint("tokens_input", { mode: "number" }),
    tokensOutput: bigint("tokens_output", { mode: "number" }),
    tokensReasoning: bigint("tokens_reasoning", { mode: "number" }),
    tokensCached: bigint("tokens_cached", { mode: "number" }),
    /** Null when OpenRouter told no cost: an aborted request. */
    cost: numeric(),
    latencyMs: integer("latency_ms"),
    firstTokenMs: integer("first_token_ms"),
    finishReason: text("finish_reason"),
    isError: integer("is_error").notNull().default(0),
  },
  (table) => [
    unique("generations_identity").on(table.teamId, table.generationId),
    index("generations_key").on(table.apiKeyId, table.startedAt.desc()),
    index("generations_arrival").on(table.teamId, table.receivedAt.desc()),
  ],
);

/**
 * How fast models answered, as OpenRouter measured it (31 days): per UTC hour for an account's model and provider (`api_key_id` is the account's
 * management key), and per UTC day for a single key (model and provider null). Percentiles are stored at the grain at which they were read and are
 * never averaged; `figures` holds them by OpenRouter's own names (`p90_latency` …; ms and tokens per second).
 */
export const performance = pgTable(
  "performance",
  {
    ...account,
    granularity: text({ enum: ["hour", "day"] }).notNull(),
    bucket: timestamp({ withTimezone: true }).notNull(),
    model: text(),
    provider: text(),
    requests: count("requests"),
    figures: jsonb().$type<Record<string, number>>().notNull(),
  },
  (table) => [
    unique("performance_identity")
      .on(table.apiKeyId, table.granularity, table.bucket, table.model, table.provider)
      .nullsNotDistinct(),
    index("performance_team").on(table.teamId, table.bucket),
  ],
);

/**
 * An account's usage per UTC day by what OpenRouter keeps for 31 days only: finish reason (with the model), app, origin, variant, data region, and,
 * where the team switched them on, end user and country. `api_key_id` is the account's management key; `value` null = the unset part.
 */
export const breakdownDays = pgTable(
  "breakdown_days",
  {
    ...account,
    date: date({ mode: "string" }).notNull(),
    dimension: text().notNull(),
    value: text(),
    model: text(),
    requests: count("requests"),
    tokensInput: count("tokens_input"),
    tokensOutput: count("tokens_output"),
    cost: numeric().notNull(),
  },
  (table) => [
    unique("breakdown_days_identity")
      .on(table.apiKeyId, table.date, table.dimension, table.value, table.model)
      .nullsNotDistinct(),
    index("breakdown_days_team").on(table.teamId, table.date),
  ],
);

/** Models and prices as OpenRouter lists them (USD per token, as text there), by slug. Public, so no team owns it. A model that is no longer listed stays. */
export const models = pgTable("models", {
  id: text().primaryKey(),
  canonicalSlug: text("canonical_slug"),
  name: text(),
  contextLength: integer("context_length"),
  pricing: jsonb().$type<Record<string, unknown>>(),
  /** The day on which OpenRouter plans to remove it. */
  expirationDate: date("expiration_date", { mode: "string" }),
  fetchedAt: timestamp("fetched_at", { withTimezone: true }).notNull().default(sql`now()`),
});

/** Every text that may stand for a model in OpenRouter's answers and filters (slug, permaslug, display name), and the model that it means. */
export const modelNames = pgTable(
  "model_names",
  {
    name: text().primaryKey(),
    modelId: text("model_id")
      .notNull()
      .references(() => models.id, { onDelete: "cascade" }),
  },
  (table) => [index("model_names_model").on(table.modelId)],
);
