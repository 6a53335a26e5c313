import "server-only";
import { log } from "@/lib/base/log";
import { stopRuns } from "@/lib/sync/worker";
import { stopSchedule } from "./schedule";

/** Whoever runs us may kill after 10 s; what is not done by then is taken up by the next process. */
const PATIENCE_MS = 9_000;

/**
 * Lets a stop request end the background work first: the schedule, then sync runs between two steps, their leases given back. The signal then goes to whoever listened
 * before, after `last` is done: Next stops listening, lets requests under way end, and exits.
 */
export function drainOnSignals(last: () => Promise<void> = async () => {}): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const others = process.listeners(signal) as ((signal: NodeJS.Signals) => void)[];
    process.removeAllListeners(signal);
    let isDraining = false;
    process.on(signal, () => {
      if (isDraining) return;
      isDraining = true;
      void drain(last).finally(() => {
        process.once("exit", endWell);
        if (others.length === 0) process.exit(0);
        for (const listener of others) listener(signal);
      });
    });
  }
}

/** Next exits with 128 and the signal's number; who was told to stop and did has not failed. */
function endWell(code: number): void {
  if (code > 128) process.exitCode = 0;
}

async function drain(last: () => Promise<void>): Promise<void> {
  setTimeout(() => process.exit(1), PATIENCE_MS).unref();
  log().info("Stopping: requests and syncs under way come to an end");
  stopSchedule();
  await stopRuns();
  await last().catch((error: unknown) => log().warn({ err: error }, "The last traces were not sent"));
}
