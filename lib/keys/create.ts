import "server-only";
import type postgres from "postgres";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/auth/viewer";
import { sha256 } from "@/lib/crypto";
import { env } from "@/lib/env";
import { AppError, violatedUnique } from "@/lib/errors";
import { dispatchRun } from "@/lib/jobs/dispatch";
import { UpstreamError } from "@/lib/openrouter/errors";
import { isManagementKey, type KeyRecord, readKey } from "@/lib/openrouter/key";
import { queueRun } from "@/lib/sync/runs";
import { getKey, mayChange } from "./keys";
import type { KeyView } from "./schema";
import { sealKey } from "./secret";
import { type StatusFact, statusOf } from "./status";

type NewKey = { name: string; key: string; description?: string | null | undefined };
type Checked = { record: KeyRecord | null; fact: StatusFact };
type Transaction = postgres.TransactionSql<{ bigint: number }>;

/** OpenRouter's keys, inference and management alike, begin so; their length is not promised. */
const KEY_SHAPE = /^sk-or-v1-[\x21-\x7e]+$/;

/**
 * Adds an OpenRouter key, asks OpenRouter what it is, and starts its first sync. A key that a management key has imported already is matched by its SHA-256 and gets
 * its secret. Errors: 400 for a bad form, a key that OpenRouter does not accept, or too many keys; 409 when the team has it.
 */
export async function createKey(viewer: Viewer, input: NewKey): Promise<KeyView> {
  mayChange(viewer);
  if (!KEY_SHAPE.test(input.key) || input.key.length < 20 || input.key.length > 200) {
    throw new AppError("bad_request", "An OpenRouter key begins with sk-or-v1- and has 20 to 200 characters", {
      errors: [{ field: "key", message: "is not an OpenRouter key" }],
    });
  }
  await refuseKnown(viewer, sha256(input.key));
  const checked = await askOpenRouter(input.key);
  const id = await insert(viewer, input, checked);
  const runId = await queueRun({ teamId: viewer.teamId, trigger: "connect", requestedBy: viewer.userId, keyId: id });
  if (runId !== null) await dispatchRun(runId);
  return getKey(viewer, { id });
}

const alreadyHere = () => new AppError("conflict", "This key is already being watched in your team");

async function refuseKnown(viewer: Viewer, hash: string): Promise<void> {
  const [known] =
    await sql()`select 1 from api_keys where team_id = ${viewer.teamId} and hash = ${hash} and ciphertext is not null`;
  if (known) throw alreadyHere();
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

async function insert(viewer: Viewer, input: NewKey, checked: Checked): Promise<number> {
  try {
    return await sql().begin(async (transaction) => {
      await refuseTooMany(transaction as Transaction, viewer);
      return insertIn(transaction as Transaction, viewer, input, checked);
    });
  } catch (error) {
    throw violatedUnique(error) === "api_keys_team_hash" ? alreadyHere() : error;
  }
}

/** Counted under a lock on the person, so that two requests at once cannot both be the last one allowed. Imported keys do not count. */
async function refuseTooMany(transaction: Transaction, viewer: Viewer): Promise<void> {
  await transaction`select 1 from users where id = ${viewer.userId} for update`;
  const [row] = await transaction<{ count: number }[]>`
    select count(*)::int as count from api_keys where created_by = ${viewer.userId} and ciphertext is not null`;
  const most = env().MAX_API_KEYS_PER_USER;
  if ((row?.count ?? 0) >= most)
    throw new AppError("bad_request", `You can watch at most ${most} keys; delete one first`);
}

/** The ciphertext is bound to the row's id, so the row comes first and is filled in the same transaction. */
async function insertIn(
  transaction: Transaction,
  viewer: Viewer,
  input: NewKey,
  { record, fact }: Checked,
): Promise<number> {
  const kind = record && isManagementKey(record) ? "management" : "inference";
  const checkedAt = record ? new Date().toISOString() : null;
  const [row] = await transaction<{ id: number }[]>`
    insert into api_keys as k (team_id, created_by, name, description, kind, hash, ciphertext, label, status, status_detail, checked_at,
      credit_limit, limit_remaining, limit_reset, include_byok_in_limit, expires_at, workspace_id)
    values (${viewer.teamId}, ${viewer.userId}, ${input.name}, ${input.description ?? null}, ${kind}, ${sha256(input.key)}, '',
      ${record?.label ?? null}, ${fact.status}, ${fact.detail}, ${checkedAt}, ${record?.limit ?? null}, ${record?.limit_remaining ?? null},
      ${record?.limit_reset ?? null}, ${record?.include_byok_in_limit ?? null}, ${record?.expires_at?.toISOString() ?? null},
      ${record?.workspace_id ?? null})
    on conflict (team_id, hash) do update set created_by = excluded.created_by, name = excluded.name, description = excluded.description,
      ciphertext = excluded.ciphertext, is_active = true, updated_at = now()
      where k.ciphertext is null
    returning id`;
  if (!row) throw alreadyHere();
  await transaction`update api_keys set ciphertext = ${sealKey(row.id, input.key)} where id = ${row.id}`;
  await transaction`update teams set data_version = data_version + 1 where id = ${viewer.teamId}`;
  return row.id;
}
