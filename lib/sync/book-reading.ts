import "server-only";
import { bookUsage } from "@/lib/usage/write/ingest-usage";
import type { Reading } from "./attribution";
import type { Account, ListedKey } from "./roster";
import type { SyncOutcome } from "./unit";

/**
 * Books what a window of an account's usage amounts to. Keys that are switched off here are left as they are; so is what could not be read. The same
 * window may be booked twice, first undivided and then refined: what counts as noticed is the refined one.
 */
export async function bookReading(
  account: Account,
  keys: readonly ListedKey[],
  { slice, rows, failures, rejected, unreadable, proven, unsplit, isFinal }: Reading,
  outcome: SyncOutcome,
): Promise<void> {
  for (const [id, error] of failures) outcome.failures.set(id, error);
  if (isFinal) outcome.rowsRejected += rejected;
  for (const { apiKeyIds } of unreadable) for (const id of apiKeyIds ?? [null]) outcome.unread.add(id);
  outcome.cellsUnsplit += unsplit;
  outcome.rowsWritten += await bookUsage({
    teamId: account.teamId,
    apiKeyIds: [...keys.filter((key) => key.isActive).map((key) => key.id), account.accountId],
    start: slice.start,
    end: slice.end,
    granularity: slice.granularity,
    source: "analytics",
    rows,
    isComplete: true,
    unreadable,
    proven,
  });
}
