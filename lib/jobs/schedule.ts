import "server-only";
import { Cron } from "croner";
import { log } from "@/lib/base/log";
import { usesInngest } from "@/lib/queue/inngest-client";
import { resumeRuns } from "@/lib/sync/worker";
import { backgroundJobs } from "./jobs";
import { closeAbandonedRuns, runOnce } from "./run-once";

/** How often a process looks for runs that another one left behind, in seconds. */
const RESUME_SECONDS = 15;

const holder = globalThis as typeof globalThis & { __schedule?: Cron[] };

/** Starts the in-process schedule, unless Inngest does the timing. Several processes may run it: each planned moment happens once. */
export function startSchedule(): void {
  stopSchedule();
  if (usesInngest()) {
    log().info("Background jobs are run by Inngest");
    return;
  }
  const crons = backgroundJobs().map(
    ({ name, cron, work }) =>
      new Cron(cron, { name, timezone: "UTC", protect: true }, (self) => runOnce(name, plannedMoment(self), work)),
  );
  const resume = new Cron(
    `*/${RESUME_SECONDS} * * * * *`,
    { name: "resume", protect: true, catch: notePassing },
    async () => {
      await resumeRuns();
      await closeAbandonedRuns();
    },
  );
  holder.__schedule = [...crons, resume];
  log().info({ jobs: crons.map((cron) => cron.name) }, "Background jobs run on the in-process schedule");
  resume.trigger().catch(notePassing);
}

/** The moment for which a job that begins now was planned: the same in a process that is late, or whose clock has jumped. */
export function plannedMoment(cron: Cron, now = new Date()): Date {
  // croner looks before its reference, to the second.
  return cron.previousRuns(1, new Date(now.getTime() + 1000))[0] ?? now;
}

const notePassing = (error: unknown): void =>
  log().warn({ err: error }, "Runs could not be looked for; the next look follows soon");

export function stopSchedule(): void {
  for (const cron of holder.__schedule ?? []) cron.stop();
  delete holder.__schedule;
}

/** Whether background work will happen: the schedule runs, or Inngest is in charge. */
export const isScheduled = (): boolean =>
  usesInngest() || (holder.__schedule?.some((cron) => cron.isRunning()) ?? false);
