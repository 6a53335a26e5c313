import { sql } from "drizzle-orm";
import { bigint, date, index, integer, jsonb, numeric, pgTable, text, timestamp, unique } from "drizzle-orm/pg-core";

/** What is counted, wherever it is counted. Null = not reported, never 0. Cost is USD as OpenRouter billed it. */
const measures = {
  requests: bigint({ mode: "number" }),
  tokensInput: bigint("tokens_input", { mode: "number" }),
  tokensOutput: bigint("tokens_output", { mode: "number" }),
  tokensReasoning: bigint("tokens_reasoning", { mode: "number" }),
  tokensCached: bigint("tokens_cached", { mode: "number" }),
  cost: numeric().notNull(),
  /** What the person's own provider keys were charged, as OpenRouter estimates it; not part of `cost`. */
  byokCost: numeric("byok_cost"),
};

/**
 * A row belongs to its key, and the key to the team. Triggers on each statement see to it (drizzle/0007): rows of a key that is not there, or is another
 * team's, are refused, and a deleted key takes its rows along. Foreign keys would ask once per row, which costs more than writing the row.
 */
const owner = { teamId: integer("team_id").notNull(), apiKeyId: integer("api_key_id").notNull() };

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
 * either; a connection that is deleted leaves it. Triggers on each statement see to that (drizzle/0009), as above.
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

/** Models and prices as OpenRouter lists them (USD per token, as text there). Public, so no team owns it. */
export const models = pgTable("models", {
  id: text().primaryKey(),
  name: text(),
  contextLength: integer("context_length"),
  pricing: jsonb().$type<Record<string, unknown>>(),
  fetchedAt: timestamp("fetched_at", { withTimezone: true }).notNull().default(sql`now()`),
});
