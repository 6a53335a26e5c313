import "server-only";
import { sql } from "@/db/client";
import { listAccountKeys, readCredits } from "@/lib/openrouter/account";
import type { Call } from "@/lib/openrouter/client";
import { UpstreamError } from "@/lib/openrouter/errors";
import type { RosterKey } from "@/lib/openrouter/key";
import { bookActivity } from "./activity";
import { bookFetched } from "./book-fetched";
import { keepCounters, keepCredits } from "./counters";
import { fetchKeyUsage, fetchUsage } from "./fetch-usage";
import { oldestDay, planSlices } from "./plan";
import { followRoster, type ListedKey } from "./roster";
import { type AccountSync, emptyOutcome, type SyncOutcome } from "./unit";

/**
 * Reads an account through its management key: the list of its keys, their usage, their counters, its credits. Whatever was booked stays booked when a later step
 * fails; running it again ends with the same sums. Throws UpstreamError when nothing could be read at all.
 */
export async function syncAccount(account: AccountSync): Promise<SyncOutcome> {
  const call: Call = { signal: account.signal };
  const outcome = emptyOutcome();
  let before = await listAccountKeys(account.secret, call);
  let keys = await followRoster(account, before.keys, before.rejected === 0, account.now);
  await syncUsage(account, keys, call, outcome);

  const after = await listAccountKeys(account.secret, call);
  if (isRenamed(keys, after.keys)) {
    // A name changed while analytics reported by name: what was read may stand under the wrong key.
    outcome.failures.clear();
    before = after;
    keys = await followRoster(account, after.keys, after.rejected === 0, account.now);
    await syncUsage(account, keys, call, outcome);
  }
  outcome.rowsRejected += after.rejected;
  await markSynced(account, keys, outcome);
  await compareCounters(account, keys, before.keys, after.keys, outcome);
  await keepCredits(account.managementKeyId, await readCredits(account.secret, call), account.now);
  return outcome;
}

/** Analytics where OpenRouter lets us, activity where it does not. */
async function syncUsage(account: AccountSync, keys: ListedKey[], call: Call, outcome: SyncOutcome): Promise<void> {
  const paced: Call = { ...call, pace: `account:${account.managementKeyId}` };
  try {
    if (account.onlyKeyId === undefined) await syncAllKeys(account, keys, paced, outcome);
    for (const key of keys.filter((one) => one.isActive && needsOwnReading(one, account))) {
      for (const slice of planSlices(key.lastSyncedAt, account.now)) {
        const fetched = await fetchKeyUsage(account.secret, key, slice, paced);
        await bookFetched(account, { keys: [key], isWholeAccount: false }, slice, fetched, outcome);
      }
    }
    outcome.measuredBy = "analytics";
  } catch (error) {
    if (!(error instanceof UpstreamError) || !error.isRefusal) throw error;
    await bookActivity(account, keys, call, outcome);
    outcome.measuredBy = "activity";
  }
}

async function syncAllKeys(account: AccountSync, keys: ListedKey[], call: Call, outcome: SyncOutcome): Promise<void> {
  for (const slice of planSlices(account.lastSyncedAt, account.now)) {
    for await (const { piece, fetched } of fetchUsage(account.secret, keys, slice, call)) {
      await bookFetched(account, { keys, isWholeAccount: true }, piece, fetched, outcome);
    }
  }
}

/** A key that is asked for alone, or one whose history the account's own window does not reach: it was switched on again or appeared late. */
function needsOwnReading(key: ListedKey, account: AccountSync): boolean {
  if (account.onlyKeyId !== undefined) return key.id === account.onlyKeyId;
  if (!account.lastSyncedAt || key.isDeleted) return false;
  const covered = planSlices(account.lastSyncedAt, account.now)[0]?.start ?? account.now;
  if (key.lastSyncedAt) return key.lastSyncedAt < covered;
  return !key.createdAt || key.createdAt < covered;
}

function isRenamed(keys: ListedKey[], listed: RosterKey[]): boolean {
  const names = new Map(keys.map((key) => [key.hash, key.name]));
  return listed.some((key) => names.get(key.hash) !== (key.name || names.get(key.hash)));
}

async function markSynced(account: AccountSync, keys: ListedKey[], outcome: SyncOutcome): Promise<void> {
  const asked = keys.filter((key) => key.isActive && (account.onlyKeyId ?? key.id) === key.id);
  outcome.synced = asked.filter((key) => !outcome.failures.has(key.id)).map((key) => key.id);
  if (account.onlyKeyId === undefined) outcome.synced.push(account.managementKeyId);
  // What was spent before one source's history says nothing about another's.
  await sql()`
    update key_counters c set usage_before = null from api_keys k
    where k.id = c.api_key_id and c.api_key_id = any(${outcome.synced}::int[]) and k.measured_by is distinct from ${outcome.measuredBy}`;
  await sql()`
    update api_keys set last_sync_error = null, synced_from = least(synced_from, ${oldestDay(account.now).toISOString()}),
      last_synced_at = ${account.now.toISOString()}, measured_by = ${outcome.measuredBy}
    where id = any(${outcome.synced}::int[])`;
  // An account that could be read is proof enough that its key is accepted.
  await sql()`
    update api_keys set status = 'valid', status_detail = null, checked_at = ${account.now.toISOString()}, last_sync_error = null
    where id = ${account.managementKeyId}`;
}

async function compareCounters(
  account: AccountSync,
  keys: ListedKey[],
  before: RosterKey[],
  after: RosterKey[],
  outcome: SyncOutcome,
): Promise<void> {
  const earlier = new Map(before.map((key) => [key.hash, key]));
  const synced = new Set(outcome.synced);
  const ids = new Map(keys.filter((key) => synced.has(key.id)).map((key) => [key.hash, key.id]));
  const readings = after.flatMap((row) => {
    const id = ids.get(row.hash);
    return id === undefined ? [] : [{ id, before: earlier.get(row.hash), after: row }];
  });
  const isComplete = outcome.measuredBy === "analytics" && outcome.rowsRejected === 0;
  const complete = isComplete ? readings.map(({ id }) => id) : [];
  await keepCounters(readings, { ids: complete, from: oldestDay(account.now) }, account.now);
}
