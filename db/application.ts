/** The name under which this application's connections show in pg_stat_activity. */
export const APPLICATION = "openrouter-monitor";

/**
 * The table of the migrations that a database has. It lies beside our tables, so that no right on the whole database is
 * needed.
 */
export const JOURNAL = "__drizzle_migrations";
