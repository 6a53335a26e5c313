import "server-only";
import type { AnalyticsRow } from "@/lib/openrouter/analytics";
import { bookUsage, type UsageRow } from "@/lib/usage/book";
import type { Fetched } from "./fetch-usage";
import type { Slice } from "./plan";
import type { Account, ListedKey } from "./roster";
import type { SyncOutcome } from "./unit";

/** OpenRouter's row as a line of a key's usage. */
export function toUsage(apiKeyId: number, { bucket, keyName: _, ...measures }: AnalyticsRow): UsageRow {
  return { apiKeyId, hour: bucket, ...measures };
}

/**
 * Books one slice of one key, or of a whole account: then the usage that belongs to no key stands on the management key's own row. Keys that are switched off here
 * are left as they are.
 */
export async function bookFetched(
  account: Account,
  scope: { keys: ListedKey[]; isWholeAccount: boolean },
  slice: Slice,
  fetched: Fetched,
  outcome: SyncOutcome,
): Promise<void> {
  for (const [id, error] of fetched.failures) outcome.failures.set(id, error.message);
  outcome.rowsRejected += fetched.rejected;
  const ids = scope.keys.filter((key) => key.isActive && fetched.byKey.has(key.id)).map((key) => key.id);
  const rows = ids.flatMap((id) => (fetched.byKey.get(id) ?? []).map((row) => toUsage(id, row)));
  const nobodys = fetched.unattributed.map((row) => toUsage(account.managementKeyId, row));
  outcome.rowsWritten += await bookUsage({
    teamId: account.teamId,
    apiKeyIds: scope.isWholeAccount ? [...ids, account.managementKeyId] : ids,
    start: slice.start,
    end: slice.end,
    granularity: slice.granularity,
    source: "analytics",
    rows: [...rows, ...nobodys],
    isComplete: fetched.isComplete,
  });
}
