import "server-only";
import { sql } from "@/db/client";
import { storableJson } from "@/lib/base/text";
import { statusOf } from "@/lib/credentials/status";
import type { RosterKey } from "@/lib/openrouter/key";

/** `accountId` is the management key that stands for the account. */
export type Account = { teamId: number; accountId: number };
export type ListedKey = {
  id: number;
  hash: string;
  /** As OpenRouter calls it. */
  name: string;
  isActive: boolean;
  isDeleted: boolean;
  createdAt: Date | null;
  /** Whether OpenRouter's own counter says that it spent anything. */
  hasSpent: boolean;
  /** The last time its analytics were read. */
  lastSyncedAt: Date | null;
};

type KnownRow = {
  id: number;
  hash: string;
  name: string;
  is_active: boolean;
  is_deleted: boolean;
  created_at: string | null;
  last_synced_at: string | null;
};

/**
 * Makes the team's rows follow the account's list of keys: new ones are imported without a secret, renamed, disabled, expired and deleted ones follow. A name
 * that a person gave here stays. A key that was pasted before is taken over by its SHA-256. Answers the account's keys as we know them now, deleted ones too.
 */
export async function followRoster(
  account: Account,
  keys: RosterKey[],
  isComplete: boolean,
  now: Date,
): Promise<ListedKey[]> {
  const rows = keys.map((key) => {
    const { status, detail } = statusOf(key, now);
    return {
      hash: key.hash,
      name: key.name,
      label: key.label,
      status,
      status_detail: detail,
      workspace_id: key.workspace_id,
      workspace_name: key.workspaceName,
      disabled: key.disabled,
      credit_limit: key.limit,
      limit_remaining: key.limit_remaining,
      limit_reset: key.limit_reset,
      include_byok_in_limit: key.include_byok_in_limit,
      expires_at: key.expires_at,
      upstream_created_at: key.created_at,
      last_used_at: key.last_used_at,
      creator_user_id: key.creator_user_id,
    };
  });
  return sql().begin(async (transaction) => {
    const changed = await transaction`
      insert into api_keys as k (team_id, management_key_id, kind, hash, name, upstream_name, label, status, status_detail, checked_at,
        workspace_id, workspace_name, disabled, credit_limit, limit_remaining, limit_reset, include_byok_in_limit, expires_at,
        upstream_created_at, last_used_at, creator_user_id)
      select ${account.teamId}, ${account.accountId}, 'inference', hash, coalesce(nullif(name, ''), label, 'Key ' || left(hash, 8)), name, label,
        status, status_detail, ${now.toISOString()}, workspace_id, workspace_name, disabled, credit_limit, limit_remaining, limit_reset,
        include_byok_in_limit, expires_at, upstream_created_at, last_used_at, creator_user_id
      from jsonb_to_recordset(${storableJson(rows)}::jsonb) as given(hash text, name text, label text, status text, status_detail text,
        workspace_id text, workspace_name text, disabled boolean, credit_limit numeric, limit_remaining numeric, limit_reset text,
        include_byok_in_limit boolean, expires_at timestamptz, upstream_created_at timestamptz, last_used_at timestamptz,
        creator_user_id text)
      on conflict (team_id, hash) do update set
        name = case when k.name = k.upstream_name and excluded.upstream_name <> '' then excluded.upstream_name else k.name end,
        management_key_id = excluded.management_key_id, upstream_name = excluded.upstream_name, label = excluded.label,
        status = excluded.status, status_detail = excluded.status_detail, checked_at = excluded.checked_at,
        workspace_id = excluded.workspace_id, workspace_name = coalesce(excluded.workspace_name, k.workspace_name),
        disabled = excluded.disabled, credit_limit = excluded.credit_limit, limit_remaining = excluded.limit_remaining,
        limit_reset = excluded.limit_reset, include_byok_in_limit = excluded.include_byok_in_limit, expires_at = excluded.expires_at,
        upstream_created_at = excluded.upstream_created_at, last_used_at = coalesce(excluded.last_used_at, k.last_used_at),
        creator_user_id = coalesce(excluded.creator_user_id, k.creator_user_id)
      returning (xmax = 0) as is_new, name`;
    const gone = isComplete
      ? await transaction`
          update api_keys set status = 'deleted', status_detail = 'No longer listed by OpenRouter', checked_at = ${now.toISOString()}
          where management_key_id = ${account.accountId} and kind = 'inference' and status <> 'deleted' and hash <> all(${rows.map((row) => row.hash)}::text[])`
      : null;
    if (changed.length > 0 || gone?.count) {
      await transaction`update teams set data_version = data_version + 1 where id = ${account.teamId}`;
    }
    const known = await transaction<KnownRow[]>`
      select id, hash, coalesce(upstream_name, name) as name, is_active, status = 'deleted' as is_deleted,
        upstream_created_at as created_at, case when measured_by = 'analytics' then last_synced_at end as last_synced_at
      from api_keys where management_key_id = ${account.accountId} and kind = 'inference' order by upstream_created_at nulls first, id`;
    const counters = new Map(keys.map((key) => [key.hash, key.usage]));
    return known.map((row) => ({
      id: row.id,
      hash: row.hash,
      name: row.name,
      isActive: row.is_active,
      isDeleted: row.is_deleted,
      createdAt: row.created_at ? new Date(row.created_at) : null,
      hasSpent: Number(counters.get(row.hash) ?? 1) > 0,
      lastSyncedAt: row.last_synced_at ? new Date(row.last_synced_at) : null,
    }));
  });
}
