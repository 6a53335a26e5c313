import "server-only";
import { RetryAfterError } from "inngest";
import { UpstreamError } from "@/lib/openrouter/errors";
import { REQUESTS_PER_MINUTE } from "@/lib/openrouter/pace";
import { inngest, KeyRequested } from "@/lib/queue/inngest-client";
import { failUnit, type RunUnit, workUnit } from "@/lib/sync/fan-out";

/** Syncs one key: one at a time per account, and no more of an account's keys a minute than OpenRouter answers requests. */
export const syncKey = () =>
  inngest().createFunction(
    {
      id: "sync-key",
      name: "Sync a key",
      triggers: [KeyRequested],
      concurrency: { key: "event.data.account", limit: 1 },
      throttle: { key: "event.data.account", limit: REQUESTS_PER_MINUTE, period: "1m", burst: REQUESTS_PER_MINUTE },
      retries: 4,
      onFailure: async ({ event, error, step }) => {
        const unit = event.data.event.data as RunUnit;
        await step.run("record", () => failUnit(unit, error.message));
      },
    },
    async ({ event, step }) => ({ result: await step.run("sync", () => workUnit(event.data).catch(waitAsAsked)) }),
  );

/** OpenRouter's Retry-After becomes Inngest's. */
function waitAsAsked(error: unknown): never {
  if (error instanceof UpstreamError && error.retryAfterMs !== null) {
    throw new RetryAfterError(error.message, error.retryAfterMs);
  }
  throw error;
}
