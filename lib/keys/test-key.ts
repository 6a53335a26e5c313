import "server-only";
import { eq, sql as text } from "drizzle-orm";
import { db, sql } from "@/db/client";
import { apiKeys } from "@/db/schema/keys";
import { refuseForeign } from "@/lib/access/ownership";
import type { Viewer } from "@/lib/access/viewer";
import { AppError } from "@/lib/base/errors";
import { openKey } from "@/lib/credentials/secret";
import { type KeyStatus, type StatusFact, statusOf, statusOfFailure } from "@/lib/credentials/status";
import { UpstreamError } from "@/lib/openrouter/errors";
import { type KeyRecord, readKey, readListedKey } from "@/lib/openrouter/key";
import { findUnit, type UnitKey, withoutAccount } from "@/lib/sync/run-unit";

export type KeyTest = { status: KeyStatus; status_detail: string | null; checked_at: string };

/** Asks OpenRouter about one key of the team, once. 502 when OpenRouter gives no answer about the key. */
export async function testKey(viewer: Viewer, { id }: { id: number }): Promise<KeyTest> {
  const [own] = await sql()<
    { is_active: boolean }[]
  >`select is_active from api_keys where id = ${id} and team_id = ${viewer.teamId}`;
  if (!own) return refuseForeign("api_keys", id);
  const result = await refreshKeyStatus(id, 0);
  if (result === null) throw new AppError("conflict", "The key is switched off; activate it to test it");
  if (result instanceof UpstreamError) throw new AppError("upstream_failed", result.message);
  return result;
}

/**
 * Learns a key's status from OpenRouter and keeps it with its time. Only a 401 makes a key invalid; another failure leaves the status as it was, notes that
 * the key was not checked, and is answered as the UpstreamError it is. Null for a key that is switched off or gone.
 */
export async function refreshKeyStatus(id: number, retries: number): Promise<KeyTest | UpstreamError | null> {
  const unit = await findUnit(id);
  if (!unit) return null;
  try {
    const record = await askAbout(unit, retries);
    return await saveStatus(id, statusOf(record, new Date()), record);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.reason === "unauthorized") return saveStatus(id, statusOfFailure(error, unit.status), null);
    await sql()`update api_keys set status_detail = ${statusOfFailure(error, unit.status).detail} where id = ${id}`;
    return error;
  }
}

/** A key without its secret is asked about through its management key. */
async function askAbout(unit: UnitKey, retries: number): Promise<KeyRecord & { disabled?: boolean | null }> {
  if (unit.ciphertext) return readKey(openKey(unit.id, unit.ciphertext), { retries });
  const [credential] = unit.credentials;
  if (!credential) throw withoutAccount();
  const [row] = await sql()<{ hash: string }[]>`select hash from api_keys where id = ${unit.id}`;
  const listed = await readListedKey(openKey(credential.id, credential.ciphertext), row?.hash ?? "", { retries });
  return { ...listed, is_management_key: false, is_provisioning_key: false };
}

async function saveStatus(id: number, fact: StatusFact, record: KeyRecord | null): Promise<KeyTest> {
  const checkedAt = new Date().toISOString();
  await db()
    .update(apiKeys)
    .set({
      status: fact.status,
      statusDetail: fact.detail,
      checkedAt: new Date(checkedAt),
      ...(record && {
        label: text`coalesce(${record.label}, ${apiKeys.label})`,
        limit: record.limit,
        limitRemaining: record.limit_remaining,
        limitReset: record.limit_reset,
        expiresAt: record.expires_at,
      }),
    })
    .where(eq(apiKeys.id, id));
  return { status: fact.status, status_detail: fact.detail, checked_at: checkedAt };
}
