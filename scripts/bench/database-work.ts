import { stat } from "node:fs/promises";
import { closeDatabase, sql } from "@/db/client";
import { readLogFrom } from "@/db/embedded/log-file";
import { makeViewer, type Viewer } from "@/lib/access/viewer";
import { forgetEnv } from "@/lib/base/env";
import { isoDate, shiftDate } from "@/lib/base/time";
import { listUsage } from "@/lib/usage/read/list-usage";
import { readDashboard } from "@/lib/usage/read/read-dashboard";
import { readStats } from "@/lib/usage/read/read-stats";
import { readTimeseries } from "@/lib/usage/read/read-timeseries";
import { TimeseriesQuery } from "@/lib/usage/schema";
import type { SeededTeam } from "./seed";
import { median } from "./table";

const SAMPLES = 60;
const ROUNDS = 4;

const viewerOf = ({ userId, teamId }: SeededTeam): Viewer =>
  makeViewer({
    userId,
    teamId,
    role: "owner",
    reach: { keys: "all" },
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

/** The times of each kind of query, in ms, over teams spread over all there are. */
async function sampleQueries(teams: SeededTeam[]): Promise<Map<Work, number[]>> {
  const step = Math.max(1, Math.floor(teams.length / SAMPLES));
  const all = new Map<Work, number[]>();
  for (const [name, work] of Object.entries(WORK) as [Work, (viewer: Viewer) => Promise<unknown>][]) {
    const times: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      const team = teams[(sample * step) % teams.length];
      if (!team) continue;
      const began = performance.now();
      await work(viewerOf(team));
      times.push(performance.now() - began);
    }
    all.set(name, times);
  }
  return all;
}

export type Seeded = { url: string; teams: SeededTeam[] };
export type Times = Record<Work, { small: number; large: number }>;

/** Medians in a small and in a large database, asked in turn, so that whatever else the machine does meets both. */
export async function compareQueries(small: Seeded, large: Seeded): Promise<Times> {
  const times = { small: new Map<Work, number[]>(), large: new Map<Work, number[]>() };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [size, { url, teams }] of Object.entries({ small, large }) as ["small" | "large", Seeded][]) {
      await readFrom(url);
      for (const [name, sampled] of await sampleQueries(teams)) {
        // The first round warms both up.
        if (round > 0) times[size].set(name, [...(times[size].get(name) ?? []), ...sampled]);
      }
    }
  }
  const middle = (size: "small" | "large", name: Work): number => median(times[size].get(name) ?? []);
  return Object.fromEntries(
    (Object.keys(WORK) as Work[]).map((name) => [name, { small: middle("small", name), large: middle("large", name) }]),
  ) as Times;
}

/** Points the verbs of this process at a database. */
export async function readFrom(url: string): Promise<void> {
  await closeDatabase();
  // biome-ignore lint/style/noProcessEnv: the verbs read it
  process.env.DATABASE_URL = url;
  forgetEnv();
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
