import "server-only";
import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { type Database, db } from "@/db/client";
import { apiKeys } from "@/db/schema/keys";
import { lockAndCount } from "@/lib/access/limits";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { sha256 } from "@/lib/base/crypto";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { isKeyShaped, KEY_LENGTH } from "@/lib/base/mask";
import { sealKey } from "@/lib/credentials/secret";
import { type StatusFact, statusOf } from "@/lib/credentials/status";
import { UpstreamError } from "@/lib/openrouter/errors";
import { accountOf, isManagementKey, type KeyRecord, readKey } from "@/lib/openrouter/key";
import { dispatchRun } from "@/lib/sync/dispatch-run";
import { queueRun } from "@/lib/sync/runs";
import { getKey, recordKeyChange } from "./keys";
import type { KeyView } from "./schema";

type NewKey = { name: string; key: string; description?: string | null | undefined };
type Checked = { record: KeyRecord | null; fact: StatusFact };

/**
 * Adds an OpenRouter key, asks OpenRouter what it is, and starts its first sync. A key that a management key has imported already is matched by its SHA-256 and gets
 * its secret. Errors: 400 for a bad form, a key that OpenRouter does not accept, or too many keys; 409 when the team has it.
 */
export async function createKey(viewer: Viewer, input: NewKey): Promise<KeyView> {
  if (!isKeyShaped(input.key)) {
    const { least, most } = KEY_LENGTH;
    throw new AppError("bad_request", `An OpenRouter key begins with sk-or- and has ${least} to ${most} characters`, {
      errors: [{ field: "key", message: "is not an OpenRouter key" }],
    });
  }
  await refuseKnown(viewer, sha256(input.key));
  const checked = await askOpenRouter(input.key);
  const { id, runId } = await insert(viewer, input, checked);
  if (runId !== null) await dispatchRun(runId);
  return getKey(viewer, { id });
}

const alreadyHere = () => new AppError("conflict", "This key is already being watched in your team");

async function refuseKnown(viewer: Viewer, hash: string): Promise<void> {
  const known = and(eq(apiKeys.teamId, viewer.teamId), eq(apiKeys.hash, hash), isNotNull(apiKeys.ciphertext));
  if ((await db().$count(apiKeys, known)) > 0) throw alreadyHere();
}

async function askOpenRouter(secret: string): Promise<Checked> {
  try {
    const record = await readKey(secret, { retries: 0 });
    return { record, fact: statusOf(record, new Date()) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.reason === "unauthorized") {
      throw new AppError("bad_request", "OpenRouter does not accept this key", {
        errors: [{ field: "key", message: "is not accepted by OpenRouter" }],
      });
    }
    return { record: null, fact: { status: "unverified", detail: `Not checked: ${error.message}` } };
  }
}

/** Writes the key and queues its first sync, in one transaction. */
async function insert(viewer: Viewer, input: NewKey, checked: Checked): Promise<{ id: number; runId: number | null }> {
  return withTransaction(viewer, async ({ tx, record }) => {
    await refuseTooMany(tx, viewer);
    const id = await insertIn(tx, viewer, input, checked);
    await recordKeyChange({ tx, record }, viewer, "key.created", id, { name: input.name });
    const runId = await queueRun(tx, {
      teamId: viewer.teamId,
      trigger: "connect",
      requestedBy: viewer.userId,
      keyId: id,
    });
    return { id, runId };
  });
}

/** Imported keys do not count. */
async function refuseTooMany(tx: Database, viewer: Viewer): Promise<void> {
  const most = env().MAX_API_KEYS_PER_USER;
  await lockAndCount(tx, {
    owner: { userId: viewer.userId },
    table: apiKeys,
    where: and(eq(apiKeys.createdBy, viewer.userId), isNotNull(apiKeys.ciphertext)),
    most,
    detail: `You can watch at most ${most} keys; delete one first`,
  });
}

/** The ciphertext is bound to the row's id, so the row comes first and is filled in the same transaction. */
async function insertIn(tx: Database, viewer: Viewer, input: NewKey, { record, fact }: Checked): Promise<number> {
  const given = { createdBy: viewer.userId, name: input.name, description: input.description ?? null, ciphertext: "" };
  const [row] = await tx
    .insert(apiKeys)
    .values({
      ...given,
      teamId: viewer.teamId,
      kind: record && isManagementKey(record) ? "management" : "inference",
      hash: sha256(input.key),
      status: fact.status,
      statusDetail: fact.detail,
      checkedAt: record ? new Date() : null,
      label: record?.label,
      limit: record?.limit,
      limitRemaining: record?.limit_remaining,
      limitReset: record?.limit_reset,
      includeByokInLimit: record?.include_byok_in_limit,
      expiresAt: record?.expires_at,
      workspaceId: record?.workspace_id,
      creatorUserId: record?.creator_user_id,
      upstreamAccount: record && isManagementKey(record) ? accountOf(record) : null,
    })
    .onConflictDoUpdate({
      target: [apiKeys.teamId, apiKeys.hash],
      set: { ...given, isActive: true, updatedAt: sql`now()` },
      setWhere: isNull(apiKeys.ciphertext),
    })
    .returning({ id: apiKeys.id });
  if (!row) throw alreadyHere();
  await tx
    .update(apiKeys)
    .set({ ciphertext: sealKey(row.id, input.key) })
    .where(eq(apiKeys.id, row.id));
  return row.id;
}
