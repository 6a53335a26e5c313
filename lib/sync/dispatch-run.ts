import "server-only";
import { log } from "@/lib/base/log";
import { inngest, RunRequested, usesInngest } from "@/lib/queue/inngest-client";
import { startRun } from "./worker";

/** Hands a queued run to whoever works on runs: Inngest when it is configured, else this process. An Inngest that cannot be reached is no reason to wait. */
export async function dispatchRun(runId: number): Promise<void> {
  if (!usesInngest()) return startRun(runId);
  try {
    await inngest().send(requestOf(runId));
  } catch (error) {
    log().warn({ err: error, runId }, "Inngest cannot be reached; the run is worked on in this process");
    startRun(runId);
  }
}

/** The event of a run; its id makes a second one within a day count as the same. */
export const requestOf = (runId: number, occasion = "") =>
  RunRequested.create({ run_id: runId }, { id: `run-${runId}${occasion}` });
