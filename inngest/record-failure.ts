import "server-only";
import type { FailureEventArgs, GetStepTools, Inngest } from "inngest";
import { recordGivenUp } from "@/lib/jobs/run-once";

type Failed = FailureEventArgs & { step: GetStepTools<Inngest.Any> };

/** What happens when a job has used up its retries: its planned moment stands in `job_runs` as failed, with the reason. */
export const recordFailure =
  (job: string) =>
  async ({ event, error, step }: Failed): Promise<void> => {
    const plannedFor = new Date(event.data.event.ts ?? Date.now());
    await step.run("record", () => recordGivenUp(job, plannedFor, error.message));
  };
