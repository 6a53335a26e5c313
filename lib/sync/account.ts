import "server-only";
import { sql } from "@/db/client";
import { readModelNames } from "@/lib/models/names";
import { ensureModels } from "@/lib/models/refresh";
import { listAccountKeys, readCredits } from "@/lib/openrouter/account";
import type { Call } from "@/lib/openrouter/client";
import { UpstreamError } from "@/lib/openrouter/errors";
import type { RosterKey } from "@/lib/openrouter/key";
import { bookActivity } from "./activity";
import type { Asking } from "./asking";
import { bookReading } from "./book-reading";
import { bookToday } from "./book-today";
import { type Counters, keepCounters, keepCredits, readCounters } from "./counters";
import { joinAccount } from "./join-account";
import { daysIn, oldestDay, planSlices } from "./plan";
import { readDetails } from "./read-details";
import { readUsage } from "./read-usage";
import { followRoster, type ListedKey } from "./roster";
import { type AccountSync, emptyOutcome, type SyncOutcome } from "./unit";
import { Vocabulary } from "./vocabulary";

/** The key turned out to see an account that another management key stands for: that account is to be synced instead. */
export const JOINED = "joined";

/**
 * Reads an account through one of its management keys: the list of its keys, their usage, their counters, its credits. Whatever was booked stays booked when a
 * later step fails; running it again ends with the same sums. Throws UpstreamError when nothing could be read at all.
 */
export async function syncAccount(account: AccountSync): Promise<SyncOutcome | typeof JOINED> {
  const call: Call = { signal: account.signal };
  const outcome = emptyOutcome();
  let before = await listAccountKeys(account.secret, call);
  const hashes = before.keys.map((key) => key.hash);
  if (account.keyId === account.accountId && (await joinAccount(account, hashes, call)) !== account.accountId)
    return JOINED;
  let keys = await followRoster(account, before.keys, before.rejected === 0, account.now);
  let asking = await syncUsage(account, keys, call, outcome);

  const after = await listAccountKeys(account.secret, call);
  if (isRenamed(keys, after.keys)) {
    // A name changed while analytics reported by name: what was read may stand under the wrong key.
    outcome.failures.clear();
    outcome.cellsUnsplit = 0;
    before = after;
    keys = await followRoster(account, after.keys, after.rejected === 0, account.now);
    asking = await syncUsage(account, keys, call, outcome);
  }
  outcome.rowsRejected += after.rejected;
  await markSynced(account, keys, outcome);
  if (outcome.measuredBy === "activity") await bookToday(account, countersOf(keys, after.keys, outcome));
  await compareCounters(account, keys, before.keys, after.keys, outcome);
  await keepCredits(account.accountId, await readCredits(account.secret, call), account.now);
  const unread = asking && (await readDetails(account, asking, keys));
  if (unread) outcome.notes.push(unread);
  return outcome;
}

/** Analytics where OpenRouter lets us, activity where it does not. */
async function syncUsage(
  account: AccountSync,
  keys: ListedKey[],
  call: Call,
  outcome: SyncOutcome,
): Promise<Asking | null> {
  const { accountId, secret, now } = account;
  const paced: Call = { ...call, pace: `account:${accountId}` };
  await ensureModels();
  try {
    const asking: Asking = {
      secret,
      call: paced,
      now,
      vocabulary: await Vocabulary.of({ accountId, secret, call: paced, now }),
      models: await readModelNames(),
      cachedAt: null,
      hashesMatch: false,
    };
    await readAnalytics(account, keys, asking, outcome);
    outcome.measuredBy = "analytics";
    return asking;
  } catch (error) {
    if (!(error instanceof UpstreamError) || !error.isRefusal) throw error;
    await bookActivity(account, keys, call, outcome);
    outcome.measuredBy = "activity";
    outcome.measuredDetail = error.message;
    outcome.notes.push(
      `OpenRouter's analytics cannot be used (${error.message}). Usage was read by the day instead: hours, providers of the running day, and cached tokens are missing, and today is known by each key's cost alone`,
    );
    return null;
  }
}

async function readAnalytics(
  account: AccountSync,
  keys: ListedKey[],
  asking: Asking,
  outcome: SyncOutcome,
): Promise<void> {
  const { accountId, now } = account;
  const slices = planSlices(readFrom(account, keys), now);
  const daysTotal = slices.reduce((days, slice) => days + daysIn(slice), 0);
  let isFirst = account.lastSyncedAt === null;
  let daysDone = 0;
  for (const slice of slices) {
    for await (const reading of readUsage(asking, accountId, keys, slice, isFirst)) {
      await bookReading(account, keys, reading, outcome);
      if (reading.isFinal) daysDone = Math.min(daysTotal, daysDone + daysIn(reading.slice));
      await account.onProgress?.({ daysDone, daysTotal });
    }
    isFirst = false;
  }
  outcome.cachedAt = asking.cachedAt;
}

/**
 * From when on the account has to be read again: since its last success, and further back for a key whose history does not reach that far: it was switched on
 * again, or was listed late.
 */
function readFrom(account: AccountSync, keys: ListedKey[]): Date | null {
  const { lastSyncedAt } = account;
  if (!lastSyncedAt) return null;
  const covered = planSlices(lastSyncedAt, account.now)[0]?.start ?? account.now;
  let from: Date | null = lastSyncedAt;
  for (const key of keys) {
    if (!key.isActive || key.isDeleted) continue;
    const since = key.lastSyncedAt ?? (key.createdAt && key.createdAt >= covered ? lastSyncedAt : key.createdAt);
    if (!since || !from) from = null;
    else if (since < from) from = since;
  }
  return from;
}

function isRenamed(keys: ListedKey[], listed: RosterKey[]): boolean {
  const names = new Map(keys.map((key) => [key.hash, key.name]));
  return listed.some((key) => names.get(key.hash) !== (key.name || names.get(key.hash)));
}

async function markSynced(account: AccountSync, keys: ListedKey[], outcome: SyncOutcome): Promise<void> {
  const now = account.now.toISOString();
  const active = keys.filter((key) => key.isActive && !outcome.failures.has(key.id));
  outcome.synced = [...active.map((key) => key.id), account.accountId];
  // What was spent before one source's history says nothing about another's.
  await sql()`
    update key_counters c set usage_before = null from api_keys k
    where k.id = c.api_key_id and c.api_key_id = any(${outcome.synced}::int[]) and k.measured_by is distinct from ${outcome.measuredBy}`;
  await sql()`
    update api_keys set last_sync_error = null, synced_from = least(synced_from, ${oldestDay(account.now).toISOString()}),
      last_synced_at = ${now}, measured_by = ${outcome.measuredBy}, measured_detail = ${outcome.measuredDetail}
    where id = any(${outcome.synced}::int[])`;
  // An account that could be read is proof enough that its key is accepted.
  await sql()`
    update api_keys set status = 'valid', status_detail = null, checked_at = ${now}, last_sync_error = null where id = ${account.keyId}`;
}

/** The counters of the keys that were read, by our id. */
function countersOf(keys: ListedKey[], listed: RosterKey[], { synced }: SyncOutcome): (RosterKey & { id: number })[] {
  const isSynced = new Set(synced);
  const ids = new Map(keys.filter((key) => isSynced.has(key.id)).map((key) => [key.hash, key.id]));
  return listed.flatMap((row) => {
    const id = ids.get(row.hash);
    return id === undefined ? [] : [{ ...row, id }];
  });
}

/** OpenRouter's clock may be a little behind ours. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * Compares our sums with OpenRouter's counters, as read before and after. An answer from a cache of OpenRouter's may be older than the reading before: then the one
 * of the last sync stands in for it, where that is older still.
 */
async function compareCounters(
  account: AccountSync,
  keys: ListedKey[],
  before: RosterKey[],
  after: RosterKey[],
  outcome: SyncOutcome,
): Promise<void> {
  const earlier = new Map<string, Counters>(before.map((key) => [key.hash, key]));
  const { cachedAt } = outcome;
  const isStale = cachedAt !== null && cachedAt.getTime() < account.now.getTime() - CLOCKS_DIFFER_MS;
  const known = isStale ? await readCounters(outcome.synced, cachedAt) : new Map<number, Counters>();
  const readings = countersOf(keys, after, outcome).map((row) => ({
    id: row.id,
    before: known.get(row.id) ?? earlier.get(row.hash),
    after: row,
  }));
  const isComplete = (id: number) =>
    outcome.measuredBy === "analytics" && !outcome.unread.has(id) && !outcome.unread.has(null);
  const complete = readings.map(({ id }) => id).filter(isComplete);
  const { offIds } = await keepCounters(readings, { ids: complete, from: oldestDay(account.now) }, account.now);
  if (offIds.length > 0) {
    outcome.notes.push(`OpenRouter's own counters and what was read do not agree for ${offIds.length} of the keys`);
  }
}
