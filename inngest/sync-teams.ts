import "server-only";
import { cron } from "inngest";
import type { Job } from "@/lib/jobs/jobs";
import { runRecorded } from "@/lib/jobs/run-once";
import { findForgottenRuns, queueAllTeams } from "@/lib/jobs/sync-all";
import { inngest } from "@/lib/queue/inngest-client";
import { requestOf } from "@/lib/sync/dispatch-run";
import { recordFailure } from "./record-failure";

/** Queues every team's sync and sends an event per run; runs whose event was lost get another. */
export const syncTeams = (job: Job) =>
  inngest().createFunction(
    {
      id: "sync-teams",
      name: "Sync usage of all teams",
      triggers: [cron(job.cron)],
      concurrency: 1,
      retries: 3,
      onFailure: recordFailure(job.name),
    },
    async ({ event, step }) => {
      const runs: number[] = await step.run("queue", async () => {
        const queued: number[] = [];
        await runRecorded(job.name, new Date(event.ts ?? Date.now()), async () => {
          queued.push(...(await queueAllTeams()));
          return `${queued.length} teams queued`;
        });
        return queued;
      });
      const forgotten: number[] = await step.run("find forgotten runs", findForgottenRuns);
      const events = [...runs.map((run) => requestOf(run)), ...forgotten.map((run) => requestOf(run, `-${event.ts}`))];
      if (events.length > 0) await step.sendEvent("fan out", events);
      return { queued: runs.length, forgotten: forgotten.length };
    },
  );
