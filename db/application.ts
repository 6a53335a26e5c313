/** The name under which this application's connections show in pg_stat_activity. */
export const APPLICATION = "openrouter-monitor";
