import "server-only";
import { sql } from "@/db/client";
import { log } from "@/lib/base/log";
import { openKey } from "@/lib/credentials/secret";
import { type KeyStatus, statusOfFailure } from "@/lib/credentials/status";
import { UpstreamError } from "@/lib/openrouter/errors";
import { withLease } from "@/lib/queue/lease";
import { JOINED, syncAccount } from "./account";
import { sampleKey } from "./sample";
import type { AccountSync, SyncOutcome } from "./unit";

/** A management key that can ask for an account. */
export type Credential = { id: number; ciphertext: string };

/** A key that can be asked by itself: a management key, an inference key without one, or one key of an account. */
export type UnitKey = {
  id: number;
  team_id: number;
  kind: "inference" | "management";
  status: KeyStatus;
  ciphertext: string | null;
  /** The management key that stands for its account; null for a key that no management key covers. */
  account_id: number | null;
  /** The last time analytics of the account were read. */
  last_synced_at: string | null;
  /** The account's management keys that may be used, itself first. */
  credentials: Credential[];
};

/** `cause` is the failure behind `error` when it was OpenRouter's. */
export type UnitResult = { outcome: SyncOutcome | null; error: string | null; cause?: UpstreamError };

/** Reads what a sync needs to know of a key; undefined when the key is gone or switched off. */
export async function findUnit(apiKeyId: number): Promise<UnitKey | undefined> {
  const [unit] = await sql()<UnitKey[]>`
    select k.id, k.team_id, k.kind, k.status, k.ciphertext, a.id as account_id,
      case when a.measured_by = 'analytics' then a.last_synced_at end as last_synced_at,
      coalesce((select json_agg(json_build_object('id', m.id, 'ciphertext', m.ciphertext) order by m.id <> k.id, m.id) from api_keys m
        where m.kind = 'management' and coalesce(m.management_key_id, m.id) = a.id and m.is_active and m.ciphertext is not null
          and (m.status <> 'invalid' or m.id = k.id)), '[]') as credentials
    from api_keys k left join api_keys a on a.id = coalesce(k.management_key_id, case when k.kind = 'management' then k.id end)
    where k.id = ${apiKeyId} and k.is_active`;
  return unit;
}

type Options = {
  signal?: AbortSignal;
  now?: Date;
  onProgress?: NonNullable<AccountSync["onProgress"]>;
};

const GONE: UnitResult = { outcome: null, error: "The key is switched off or was deleted" };

/**
 * Syncs one key, and with a key of an account the whole account. One account, or one sampled key, is worked on once at a time over all processes; another run
 * waits for its turn. A failure is told in words, kept on the key, and never thrown: the other keys go on.
 */
export async function syncKey(apiKeyId: number, options: Options = {}): Promise<UnitResult> {
  for (;;) {
    const found = await findUnit(apiKeyId);
    if (!found) return GONE;
    const lease = `sync:${found.account_id ?? found.id}`;
    const result = await withLease(lease, (signal) => syncOnce(apiKeyId, signal, options), {
      wait: true,
      ...(options.signal && { signal: options.signal }),
    });
    if (result !== JOINED) return result ?? { outcome: null, error: "Another sync of this key is under way" };
  }
}

async function syncOnce(apiKeyId: number, signal: AbortSignal, options: Options): Promise<UnitResult | typeof JOINED> {
  // Read again: a run that held the lease before may have brought the key up to date.
  const unit = await findUnit(apiKeyId);
  if (!unit) return GONE;
  const now = options.now ?? new Date();
  try {
    const outcome = await syncUnit(unit, { ...options, signal, now });
    return outcome === JOINED ? JOINED : { outcome, error: null };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof UpstreamError)) throw error;
    await keepFailure(unit, error, now);
    return { outcome: null, error: error.message, cause: error };
  }
}

type Circumstances = Options & { signal: AbortSignal; now: Date };

async function syncUnit(unit: UnitKey, circumstances: Circumstances): Promise<SyncOutcome | typeof JOINED> {
  if (unit.account_id !== null && unit.credentials.length > 0) return syncThrough(unit, unit.account_id, circumstances);
  if (!unit.ciphertext) throw withoutAccount();
  const { signal, now } = circumstances;
  const secret = openKey(unit.id, unit.ciphertext);
  const outcome = await sampleKey({ id: unit.id, teamId: unit.team_id, secret, signal, now });
  if (outcome !== "management") return outcome;
  await sql()`update api_keys set kind = 'management' where id = ${unit.id}`;
  return JOINED;
}

/** Syncs an account through the first of its management keys that OpenRouter accepts. */
async function syncThrough(
  unit: UnitKey,
  accountId: number,
  circumstances: Circumstances,
): Promise<SyncOutcome | typeof JOINED> {
  const lastSyncedAt = unit.last_synced_at ? new Date(unit.last_synced_at) : null;
  const last = unit.credentials.at(-1);
  for (const { id, ciphertext } of unit.credentials) {
    const credential = { teamId: unit.team_id, accountId, keyId: id, secret: openKey(id, ciphertext) };
    try {
      return await syncAccount({ ...circumstances, ...credential, lastSyncedAt });
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.reason !== "unauthorized" || id === last?.id) throw error;
      await keepFailure({ ...unit, id, kind: "management" }, error, circumstances.now);
    }
  }
  throw withoutAccount();
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
  const blamed =
    unit.kind === "management" || unit.account_id === null ? unit.id : (unit.credentials.at(-1)?.id ?? unit.id);
  const { status, detail } = statusOfFailure(error, unit.status);
  await sql()`
    update api_keys set last_sync_error = ${error.message},
      status = case when id = ${unit.id} and ${blamed === unit.id} or ${status === "invalid"} and id = ${blamed} then ${status} else status end,
      status_detail = case when id = ${blamed} then ${detail} else status_detail end,
      checked_at = case when id = ${blamed} and ${status === "invalid"} then ${now.toISOString()}::timestamptz else checked_at end
    where id = ${unit.id} or id = ${blamed}`;
}
