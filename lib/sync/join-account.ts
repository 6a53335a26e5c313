import "server-only";
import type postgres from "postgres";
import { sql } from "@/db/client";
import type { Call } from "@/lib/openrouter/client";
import { accountOf, readKey } from "@/lib/openrouter/key";

type Credential = { teamId: number; keyId: number; secret: string };

/**
 * Several management keys may see one account (the usual way to rotate one): the account is counted once. Answers the key that stands for the
 * account from now on: the given one, or the one that it joins. Two keys see the same account when OpenRouter names the same owner, or when they list
 * the same key.
 */
export async function joinAccount(key: Credential, listed: readonly string[], call: Call): Promise<number> {
  const [others] = await sql()<{ count: number }[]>`
    select count(*) from api_keys
    where team_id = ${key.teamId} and kind = 'management' and management_key_id is null and id <> ${key.keyId}`;
  if (!others?.count) return key.keyId;
  await keepOwner(key, call);
  const [same] = await sql()<{ id: number; leads: boolean }[]>`
    with own as (select * from api_keys where id = ${key.keyId})
    select m.id, (m.last_synced_at is not null, -m.id) > (own.last_synced_at is not null, -own.id) as leads
    from api_keys m cross join own
    where m.team_id = own.team_id and m.kind = 'management' and m.management_key_id is null and m.id <> own.id
      and (m.upstream_account = own.upstream_account
        or exists (select from api_keys k where k.management_key_id = m.id and k.hash = any(${[...listed]}::text[])))
    order by m.last_synced_at is null, m.id limit 1`;
  if (!same) return key.keyId;
  const [leader, joining] = same.leads ? [same.id, key.keyId] : [key.keyId, same.id];
  await sql().begin((transaction) => join(transaction, leader, joining));
  return leader;
}

async function keepOwner({ keyId, secret }: Credential, call: Call): Promise<void> {
  const [row] = await sql()`select 1 from api_keys where id = ${keyId} and upstream_account is null`;
  if (!row) return;
  const record = await readKey(secret, call);
  await sql()`update api_keys set upstream_account = ${accountOf(record)} where id = ${keyId}`;
}

/**
 * The account's usage is read anew as a whole: what was booked for the joining key is of the same account, and would count twice.
 */
async function join(transaction: postgres.TransactionSql, leader: number, joining: number): Promise<void> {
  await transaction`select 1 from api_keys where id in (${leader}, ${joining}) order by id for update`;
  await transaction`
    update api_keys set management_key_id = ${leader} where id = ${joining} or (management_key_id = ${joining} and id <> ${leader})`;
  await transaction`update broadcast_connections set management_key_id = ${leader} where management_key_id = ${joining}`;
  for (const table of ["usage_hours", "usage_stats", "metric_months", "performance", "breakdown_days"]) {
    await transaction`delete from ${transaction(table)} where api_key_id = ${joining}`;
  }
  await transaction`update api_keys set credits_total = null, credits_used = null, credits_at = null where id = ${joining}`;
  await transaction`update api_keys set last_synced_at = null, measured_by = null where id = ${leader}`;
}
