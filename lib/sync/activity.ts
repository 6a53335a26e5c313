import "server-only";
import { readActivity } from "@/lib/openrouter/activity";
import type { Call } from "@/lib/openrouter/client";
import { UpstreamError } from "@/lib/openrouter/errors";
import { addDays, isoDate } from "@/lib/time";
import { bookUsage } from "@/lib/usage/book";
import { toUsage } from "./book-fetched";
import { concurrently } from "./concurrently";
import type { ListedKey } from "./roster";
import type { AccountSync, SyncOutcome } from "./unit";

const WIDTH = 4;

/**
 * The fall-back where analytics are refused: `GET /activity` per key, days instead of hours, the last 30 completed ones. Only days that OpenRouter has reported are
 * replaced; the running day is not there yet.
 */
export async function bookActivity(
  account: AccountSync,
  keys: ListedKey[],
  call: Call,
  outcome: SyncOutcome,
): Promise<void> {
  const asked = keys.filter((key) => key.isActive && !key.isDeleted && (account.onlyKeyId ?? key.id) === key.id);
  await concurrently(asked, WIDTH, async (key) => {
    try {
      const { rows, rejected } = await readActivity(account.secret, key.hash, call);
      outcome.rowsRejected += rejected;
      for (const date of new Set(rows.map((row) => isoDate(row.bucket)))) {
        const start = new Date(`${date}T00:00:00Z`);
        outcome.rowsWritten += await bookUsage({
          teamId: account.teamId,
          apiKeyIds: [key.id],
          start,
          end: addDays(start, 1),
          granularity: "day",
          source: "activity",
          rows: rows.filter((row) => isoDate(row.bucket) === date).map((row) => toUsage(key.id, row)),
          isComplete: rejected === 0,
        });
      }
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.reason === "unauthorized") throw error;
      outcome.failures.set(key.id, error.message);
    }
  });
}
