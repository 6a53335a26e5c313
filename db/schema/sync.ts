import { sql } from "drizzle-orm";
import { bigint, index, integer, pgTable, primaryKey, text, timestamp, unique, uuid } from "drizzle-orm/pg-core";
import { apiKeys } from "./keys";
import { teams } from "./teams";
import { users } from "./users";

const instant = (name: string) => timestamp(name, { withTimezone: true });

/** One pass over a team's keys. Its rows in `sync_run_keys` are a queue that outlives the process that works on it. */
export const syncRuns = pgTable(
  "sync_runs",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    teamId: integer("team_id")
      .notNull()
      .references(() => teams.id, { onDelete: "cascade" }),
    requestedBy: integer("requested_by").references(() => users.id, { onDelete: "set null" }),
    trigger: text({ enum: ["manual", "schedule", "connect"] }).notNull(),
    status: text({ enum: ["queued", "running", "succeeded", "partial", "failed"] })
      .notNull()
      .default("queued"),
    createdAt: instant("created_at").notNull().defaultNow(),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
  },
  (table) => [
    index("sync_runs_team").on(table.teamId, table.id.desc()),
    index("sync_runs_open").on(table.id).where(sql`${table.finishedAt} is null`),
  ],
);

/** What a run did, or has still to do, for one key. */
export const syncRunKeys = pgTable(
  "sync_run_keys",
  {
    runId: integer("run_id")
      .notNull()
      .references(() => syncRuns.id, { onDelete: "cascade" }),
    apiKeyId: integer("api_key_id")
      .notNull()
      .references(() => apiKeys.id, { onDelete: "cascade" }),
    status: text({ enum: ["queued", "running", "succeeded", "failed"] })
      .notNull()
      .default("queued"),
    rowsWritten: integer("rows_written").notNull().default(0),
    rowsRejected: integer("rows_rejected").notNull().default(0),
    /** Cells (key × hour × model) whose split did not add up to the undivided figure: the figure stands, the split is unknown. */
    cellsUnsplit: integer("cells_unsplit").notNull().default(0),
    /** How far the reading of an account has come, in days of usage. */
    daysTotal: integer("days_total").notNull().default(0),
    daysDone: integer("days_done").notNull().default(0),
    detail: text(),
    finishedAt: instant("finished_at"),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.apiKeyId] }),
    index("sync_run_keys_key").on(table.apiKeyId, table.runId),
  ],
);

/** A promise to be the only one at something, until `until` by the database's clock. A crashed holder loses it by waiting. */
export const leases = pgTable("leases", {
  name: text().primaryKey(),
  holder: uuid().notNull(),
  until: timestamp({ withTimezone: true }).notNull(),
});

/** One planned execution of a background job; the unique pair makes it happen once, however many processes plan it. */
export const jobRuns = pgTable(
  "job_runs",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    job: text().notNull(),
    scheduledFor: instant("scheduled_for").notNull(),
    status: text({ enum: ["running", "succeeded", "failed"] })
      .notNull()
      .default("running"),
    detail: text(),
    startedAt: instant("started_at").notNull().defaultNow(),
    finishedAt: instant("finished_at"),
  },
  (table) => [unique("job_runs_once").on(table.job, table.scheduledFor)],
);

/** Facts about the instance itself, the encryption canary for one. */
export const settings = pgTable("settings", {
  name: text().primaryKey(),
  value: text().notNull(),
});
