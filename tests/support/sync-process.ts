import { closeDatabase } from "@/db/client";
import { drainOnSignals } from "@/lib/jobs/drain";
import { settleRuns, startRun } from "@/lib/sync/worker";

/** A process beside the tests that works on the runs that it is told, until it is stopped or killed. */
process.on("message", async (run: number) => {
  startRun(run);
  await settleRuns();
  process.send?.(run);
});
process.on("disconnect", () => void closeDatabase());
drainOnSignals();
process.send?.("ready");
