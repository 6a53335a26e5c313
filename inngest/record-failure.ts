import "server-only";
import { log } from "@/lib/log";

/** What happens when a function has used up its retries: the log says so; the run itself stands in `job_runs` as failed. */
export const recordFailure =
  (name: string) =>
  async ({ error }: { error: Error }): Promise<void> =>
    log().error({ err: error, function: name }, "A background function failed for good");
