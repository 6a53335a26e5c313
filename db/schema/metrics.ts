import { bigint, date, index, integer, numeric, pgTable, text, unique } from "drizzle-orm/pg-core";
import { apiKeys } from "./keys";
import { teams } from "./teams";

const count = (name: string) => bigint(name, { mode: "number" });

/**
 * What `/metrics` needs beyond `usage_stats`, per key, model and UTC month. Kind `deleted`: the sums of the rows that
 * retention has deleted, and the first and last day of them. Kind `exposed`: the sums that the last scrape was given,
 * and how often they have fallen. Null = not reported.
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
    kind: text({ enum: ["exposed", "deleted"] }).notNull(),
    model: text(),
    month: date({ mode: "string" }).notNull(),
    firstDay: date("first_day", { mode: "string" }),
    lastDay: date("last_day", { mode: "string" }),
    restarts: integer().notNull().default(0),
    requests: count("requests"),
    tokensInput: count("tokens_input"),
    tokensOutput: count("tokens_output"),
    tokensReasoning: count("tokens_reasoning"),
    tokensCached: count("tokens_cached"),
    cost: numeric(),
    byokCost: numeric("byok_cost"),
    byokRequests: count("byok_requests"),
  },
  (table) => [
    unique("metric_months_identity").on(table.apiKeyId, table.kind, table.model, table.month).nullsNotDistinct(),
    index("metric_months_team").on(table.teamId),
  ],
);
