import { stat } from "node:fs/promises";
import { closeDatabase, sql } from "@/db/client";
import { readLogFrom } from "@/db/embedded/log-file";
import { makeViewer, type Viewer } from "@/lib/auth/viewer";
import { isoDate, shiftDate } from "@/lib/time";
import { readDashboard } from "@/lib/usage/dashboard";
import { TimeseriesQuery } from "@/lib/usage/schema";
import { readStats } from "@/lib/usage/stats";
import { readTimeseries } from "@/lib/usage/timeseries";
import { listUsage } from "@/lib/usage/usage";
import type { SeededTeam } from "./seed";
import { median } from "./table";

const SAMPLES = 60;

const viewerOf = ({ userId, teamId }: SeededTeam): Viewer =>
  makeViewer({
    userId,
    teamId,
    role: "owner",
    sessionId: "",
    email: "",
    name: null,
    isAdmin: false,
    timezone: "UTC",
    locale: "en",
    theme: "system",
    ip: null,
  });

const today = isoDate(new Date());
const series = (given: object) =>
  TimeseriesQuery.parse({ start_date: shiftDate(today, -364), end_date: today, ...given });

/** What people and programs ask of one team. */
const WORK = {
  "dashboard, 30 days": (viewer: Viewer) => readDashboard(viewer, {}),
  "stats, 30 days": (viewer: Viewer) => readStats(viewer, {}),
  "stats, 30 days of Berlin": (viewer: Viewer) => readStats(viewer, { timezone: "Europe/Berlin" }),
  "a year by month": (viewer: Viewer) => readTimeseries(viewer, series({ interval: "month", group_by: "model" })),
  "usage, a page of 30 days": (viewer: Viewer) =>
    listUsage(viewer, { start_date: shiftDate(today, -29), end_date: today, page: 1, limit: 100 }),
};

export type Work = keyof typeof WORK;

/** The median time of each kind of query, in ms, over teams spread over all there are. */
export async function timeQueries(teams: SeededTeam[]): Promise<Record<Work, number>> {
  const step = Math.max(1, Math.floor(teams.length / SAMPLES));
  const entries: [Work, number][] = [];
  for (const [name, work] of Object.entries(WORK) as [Work, (viewer: Viewer) => Promise<unknown>][]) {
    const times: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      const team = teams[(sample * step) % teams.length];
      if (!team) continue;
      const began = performance.now();
      await work(viewerOf(team));
      times.push(performance.now() - began);
    }
    entries.push([name, median(times)]);
  }
  return Object.fromEntries(entries) as Record<Work, number>;
}

/**
 * Has PostgreSQL tell every plan of the above (auto_explain, in its log) and answers how many there were and the sequential scans over
 * usage among them.
 */
export async function findSequentialScans(
  logFile: string,
  team: SeededTeam,
): Promise<{ plans: number; scans: string[] }> {
  await sql().unsafe(`
    alter role current_user set session_preload_libraries = 'auto_explain';
    alter role current_user set auto_explain.log_min_duration = 0;`);
  await closeDatabase();
  const before = (await stat(logFile)).size;
  for (const work of Object.values(WORK)) await work(viewerOf(team));
  await sql()`alter role current_user reset all`;
  await closeDatabase();
  const plans = (await readLogFrom(logFile, before))
    .split(/(?=LOG: {2}duration:)/)
    .filter((plan) => plan.includes("usage_"));
  return { plans: plans.length, scans: plans.filter((plan) => /Seq Scan on usage_(hours|stats)/.test(plan)) };
}
