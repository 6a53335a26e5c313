import { bigint, date, index, integer, numeric, pgTable, text, unique } from "drizzle-orm/pg-core";
import { apiKeys } from "./keys";
import { teams } from "./teams";

/**
 * The greatest sums that `/metrics` ever told of a month. Prometheus takes a counter that falls for a restart: corrections that shrink a
 * month and retention that deletes one must not show.
 */
export const metricMonths = pgTable(
  "metric_months",
  {
    teamId: integer("team_id")
      .notNull()
      .references(() => teams.id, { onDelete: "cascade" }),
    apiKeyId: integer("api_key_id")
      .notNull()
      .references(() => apiKeys.id, { onDelete: "cascade" }),
    model: text(),
    month: date({ mode: "string" }).notNull(),
    requests: bigint({ mode: "number" }),
    tokensInput: bigint("tokens_input", { mode: "number" }),
    tokensOutput: bigint("tokens_output", { mode: "number" }),
    cost: numeric().notNull(),
  },
  (table) => [
    unique("metric_months_identity").on(table.apiKeyId, table.model, table.month).nullsNotDistinct(),
    index("metric_months_team").on(table.teamId),
  ],
);
