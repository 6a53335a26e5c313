import type { Account } from "./roster";

/** One pass over an account through one of its management keys. */
export type AccountSync = Account & {
  /** The management key that asks. */
  keyId: number;
  secret: string;
  /** The last time analytics of the whole account were read. */
  lastSyncedAt: Date | null;
  signal: AbortSignal;
  now: Date;
  /** Told after each window that was booked, in days of usage. */
  onProgress?: (progress: { daysDone: number; daysTotal: number }) => Promise<void>;
};

/** What one unit of a sync run did: for an account, or for one sampled key. */
export type SyncOutcome = {
  rowsWritten: number;
  rowsRejected: number;
  /** Cells whose split did not add up to the undivided figure. */
  cellsUnsplit: number;
  /** Keys whose usage could not be read, and why. */
  failures: Map<number, string>;
  /** Keys of whose usage something could not be read; null = of any. */
  unread: Set<number | null>;
  /** Keys that are up to date now. */
  synced: number[];
  measuredBy: "analytics" | "activity" | "sample";
  /** Why the poorer source had to do; null for the best one. */
  measuredDetail: string | null;
  /** The oldest answer that came from a cache of OpenRouter's: counters may know more than it. */
  cachedAt: Date | null;
  /** What is wrong with what was read, in sentences; a run with any is not a full success. */
  notes: string[];
};

export const emptyOutcome = (): SyncOutcome => ({
  rowsWritten: 0,
  rowsRejected: 0,
  cellsUnsplit: 0,
  failures: new Map(),
  unread: new Set(),
  synced: [],
  measuredBy: "analytics",
  measuredDetail: null,
  cachedAt: null,
  notes: [],
});
