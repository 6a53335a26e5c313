import "server-only";
import { sql } from "@/db/client";
import { openKey } from "@/lib/keys/secret";
import { type KeyStatus, statusOfFailure } from "@/lib/keys/status";
import { log } from "@/lib/log";
import { UpstreamError } from "@/lib/openrouter/errors";
import { syncAccount } from "./account";
import { withLease } from "./lease";
import { sampleKey } from "./sample";
import type { SyncOutcome } from "./unit";

/** A key that can be asked by itself: a management key, an inference key without one, or one key of an account. */
export type UnitKey = {
  id: number;
  team_id: number;
  kind: "inference" | "management";
  status: KeyStatus;
  ciphertext: string | null;
  last_synced_at: string | null;
  /** The management key that covers it, when there is an active one. */
  account_id: number | null;
  account_ciphertext: string | null;
};

/** `cause` is the failure behind `error` when it was OpenRouter's. */
export type UnitResult = { outcome: SyncOutcome | null; error: string | null; cause?: UpstreamError };

/** Reads what a sync needs to know of a key; undefined when the key is gone or switched off. */
export async function findUnit(apiKeyId: number): Promise<UnitKey | undefined> {
  const [unit] = await sql()<UnitKey[]>`
    select k.id, k.team_id, k.kind, k.status, k.ciphertext, case when k.measured_by = 'analytics' then k.last_synced_at end as last_synced_at,
      m.id as account_id, m.ciphertext as account_ciphertext
    from api_keys k left join api_keys m on m.id = k.management_key_id and m.is_active and m.status <> 'invalid'
    where k.id = ${apiKeyId} and k.is_active`;
  return unit;
}

/**
 * Syncs one key. One account, or one sampled key, is worked on once at a time over all processes; another run waits for its turn. A failure is told in words, kept
 * on the key, and never thrown: the other keys go on.
 */
export async function syncKey(
  apiKeyId: number,
  options: { signal?: AbortSignal; now?: Date } = {},
): Promise<UnitResult> {
  const found = await findUnit(apiKeyId);
  if (!found) return { outcome: null, error: "The key is switched off or was deleted" };
  const lease = `sync:${found.account_id ?? found.id}`;
  const result = await withLease(lease, (signal) => syncOnce(apiKeyId, signal, options.now ?? new Date()), {
    wait: true,
    ...(options.signal && { signal: options.signal }),
  });
  return result ?? { outcome: null, error: "Another sync of this key is under way" };
}

async function syncOnce(apiKeyId: number, signal: AbortSignal, now: Date): Promise<UnitResult> {
  // Read again: a run that held the lease before may have brought the key up to date.
  const unit = await findUnit(apiKeyId);
  if (!unit) return { outcome: null, error: "The key is switched off or was deleted" };
  try {
    return { outcome: await syncUnit(unit, signal, now), error: null };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof UpstreamError)) throw error;
    await keepFailure(unit, error, now);
    return { outcome: null, error: error.message, cause: error };
  }
}

async function syncUnit(unit: UnitKey, signal: AbortSignal, now: Date): Promise<SyncOutcome> {
  const lastSyncedAt = unit.last_synced_at ? new Date(unit.last_synced_at) : null;
  const common = { teamId: unit.team_id, signal, now };
  if (unit.kind === "inference" && unit.account_id !== null && unit.account_ciphertext) {
    const secret = openKey(unit.account_id, unit.account_ciphertext);
    return syncAccount({ ...common, managementKeyId: unit.account_id, secret, lastSyncedAt, onlyKeyId: unit.id });
  }
  if (!unit.ciphertext) throw withoutAccount();
  const secret = openKey(unit.id, unit.ciphertext);
  if (unit.kind === "inference") {
    const outcome = await sampleKey({ ...common, id: unit.id, secret });
    if (outcome !== "management") return outcome;
    await sql()`update api_keys set kind = 'management' where id = ${unit.id}`;
  }
  return syncAccount({ ...common, managementKeyId: unit.id, secret, lastSyncedAt });
}

/** Why a key that has no secret here cannot be asked about. */
export const withoutAccount = (): UpstreamError =>
  new UpstreamError(
    "forbidden",
    "The management key that this key was imported with is switched off or no longer accepted",
  );

async function keepFailure(unit: UnitKey, error: UpstreamError, now: Date): Promise<void> {
  log().warn({ apiKeyId: unit.id, reason: error.reason, status: error.status }, "A key could not be synced");
  // A refused call by an account's key says nothing about the imported key it was made for.
  const blamed = unit.kind === "management" || unit.account_id === null ? unit.id : unit.account_id;
  const { status, detail } = statusOfFailure(error, unit.status);
  await sql()`
    update api_keys set last_sync_error = ${error.message},
      status = case when id = ${unit.id} and ${blamed === unit.id} or ${status === "invalid"} and id = ${blamed} then ${status} else status end,
      status_detail = case when id = ${blamed} then ${detail} else status_detail end,
      checked_at = case when id = ${blamed} and ${status === "invalid"} then ${now.toISOString()}::timestamptz else checked_at end
    where id = ${unit.id} or id = ${blamed}`;
}
