import "server-only";
import { cron } from "inngest";
import type { Job } from "@/lib/jobs/jobs";
import { runRecorded } from "@/lib/jobs/run-once";
import { inngest } from "@/lib/queue/inngest-client";
import { recordFailure } from "./record-failure";

/** A job of one step: validation, clean-up, backup. */
export function plainJob(job: Job) {
  const id = job.name.replaceAll(" ", "-");
  return inngest().createFunction(
    { id, name: job.name, triggers: [cron(job.cron)], concurrency: 1, retries: 3, onFailure: recordFailure(job.name) },
    async ({ event, step }) => ({
      result: await step.run(job.name, () => runRecorded(job.name, new Date(event.ts ?? Date.now()), job.work)),
    }),
  );
}
