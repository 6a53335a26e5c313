import type { Account } from "./roster";

/** One pass over an account through its management key. */
export type AccountSync = Account & {
  secret: string;
  /** Only this key of the account; all of them when absent. */
  onlyKeyId?: number;
  /** The last time analytics of the whole account were read. */
  lastSyncedAt: Date | null;
  signal: AbortSignal;
  now: Date;
};

/** What one unit of a sync run did: for the management key of an account, or for one sampled key. */
export type SyncOutcome = {
  rowsWritten: number;
  rowsRejected: number;
  /** Keys whose usage could not be read, and why. */
  failures: Map<number, string>;
  /** Keys that are up to date now. */
  synced: number[];
  measuredBy: "analytics" | "activity" | "sample";
};

export const emptyOutcome = (): SyncOutcome => ({
  rowsWritten: 0,
  rowsRejected: 0,
  failures: new Map(),
  synced: [],
  measuredBy: "analytics",
});
