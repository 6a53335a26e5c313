import "server-only";
import { inngest, KeyRequested, RunRequested } from "@/lib/queue/inngest-client";
import { failRun, planUnits, type RunUnit } from "@/lib/sync/fan-out";

/** Cuts a run into units and sends an event for each. */
export const syncRun = () =>
  inngest().createFunction(
    {
      id: "sync-run",
      name: "Sync a team",
      triggers: [RunRequested],
      concurrency: { key: "event.data.run_id", limit: 1 },
      retries: 3,
      onFailure: async ({ event, error, step }) => {
        const { run_id: runId } = event.data.event.data as { run_id: number };
        await step.run("record", () => failRun(runId, error));
      },
    },
    async ({ event, step }) => {
      const units: RunUnit[] = await step.run("plan", () => planUnits(event.data.run_id));
      if (units.length > 0) {
        await step.sendEvent(
          "fan out",
          units.map((unit) => KeyRequested.create(unit)),
        );
      }
      return { units: units.length };
    },
  );
