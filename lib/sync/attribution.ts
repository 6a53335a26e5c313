import { addHours, startOfHour } from "@/lib/base/time";
import type { AnalyticsRow, Answer } from "@/lib/openrouter/analytics";
import type { ProvenCell, UnreadableCell, UsageRow } from "@/lib/usage/write/ingest-usage";
import { type Owners, ownersByName, soleOwner } from "./names";
import type { Slice } from "./plan";
import type { ListedKey } from "./roster";

/** What one window of an account's usage amounts to, key by key. Spend of no known key stands on the account's own row. */
export type Reading = {
  slice: Slice;
  rows: UsageRow[];
  /** Keys that could not be asked by themselves, and why. */
  failures: Map<number, string>;
  /** Rows of the undivided answer that could not be read. */
  rejected: number;
  /** Where even their sum could not be read: what stands booked there stays. */
  unreadable: UnreadableCell[];
  proven: ProvenCell[];
  /** Cells whose split did not add up to the undivided figure, which stands undivided. */
  unsplit: number;
  /** Whether this is the last word on the window: false for sums that are still to be refined. */
  isFinal: boolean;
};

/** One account's keys, by id and by name, while a window of its usage is read. */
export type Attribution = { accountId: number; keys: readonly ListedKey[]; owners: Map<string, Owners>; slice: Slice };

export const attributionOf = (accountId: number, keys: readonly ListedKey[], slice: Slice): Attribution => ({
  accountId,
  keys,
  owners: ownersByName(keys),
  slice,
});

export const nameOf = ({ keyName }: AnalyticsRow): string => keyName ?? "";

/** A cell of the undivided answer. */
export const cellOf = ({ hour, keyName, model }: AnalyticsRow): string => `${hour.getTime()} ${model} ${keyName}`;

/** Requests that are made while we ask change the newest hours between two answers. */
const RECENT_HOURS = 2;
export const isRecent = (now: Date, { hour }: AnalyticsRow): boolean =>
  hour >= addHours(startOfHour(now), -RECENT_HOURS);

/** OpenRouter's row as a row of a key's usage. The row itself: there are tens of thousands. */
export const toUsage = (row: AnalyticsRow, apiKeyId: number): UsageRow => Object.assign(row, { apiKeyId });

/** Rows of names that mean one key or none we know. Keys that are switched off here are left as they are. */
export function ownNamed({ owners, accountId }: Attribution, rows: readonly AnalyticsRow[]): UsageRow[] {
  return rows.flatMap((row) => {
    const owner = soleOwner(nameOf(row), owners.get(nameOf(row)));
    return owner && !owner.isActive ? [] : [toUsage(row, owner?.id ?? accountId)];
  });
}

/** Where a row that could not be read may have stood: with the keys of its name, or with any. */
export function unreadableCells({ owners, accountId }: Attribution, rows: Answer["unreadable"]): UnreadableCell[] {
  return rows.map(({ hour, keyName }) => {
    if (keyName === null) return { hour, apiKeyIds: null };
    const { live = [], deleted = [] } = owners.get(keyName) ?? {};
    return { hour, apiKeyIds: [...live, ...deleted].map(({ id }) => id).concat(accountId) };
  });
}

/** The keys' hours whose rows add up to their undivided sums. */
export function provenCells({ owners, accountId }: Attribution, cells: readonly AnalyticsRow[]): ProvenCell[] {
  return cells.map((cell) => ({
    apiKeyId: soleOwner(nameOf(cell), owners.get(nameOf(cell)))?.id ?? accountId,
    hour: cell.hour,
  }));
}
