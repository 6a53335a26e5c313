import { closeDatabase, sql } from "@/db/client";
import { sha256 } from "@/lib/crypto";
import { sealKey } from "@/lib/keys/secret";
import { listAccountKeys } from "@/lib/openrouter/account";
import { followRoster } from "@/lib/sync/roster";
import { syncKey } from "@/lib/sync/run-unit";

/** The product's side of the benchmark: one account, synced twice in a process of its own, so that its memory can be told. */
const [, , managementKey = ""] = process.argv;

async function connect(): Promise<number> {
  const [team] = await sql()<{ id: number }[]>`insert into teams (name) values ('bench') returning id`;
  const [key] = await sql()<{ id: number }[]>`
    insert into api_keys (team_id, name, kind, hash, ciphertext, measured_by, last_synced_at, status)
    values (${team?.id ?? 0}, 'Account', 'management', ${sha256(managementKey)}, '', 'analytics', now(), 'valid') returning id`;
  const id = key?.id ?? 0;
  await sql()`update api_keys set ciphertext = ${sealKey(id, managementKey)} where id = ${id}`;
  // An account that was connected long ago: what is measured is the hourly sync, which reads 48 hours.
  const { keys } = await listAccountKeys(managementKey);
  await followRoster({ teamId: team?.id ?? 0, accountId: id }, keys, true, new Date());
  await sql()`update api_keys set measured_by = 'analytics', last_synced_at = now()`;
  return id;
}

async function timed(id: number): Promise<{ seconds: number; rows: number; error: string | null }> {
  const start = performance.now();
  const { outcome, error } = await syncKey(id);
  return { seconds: (performance.now() - start) / 1000, rows: outcome?.rowsWritten ?? 0, error };
}

const id = await connect();
process.on("message", async () => {
  const result = await timed(id);
  const [booked] = await sql()<{ cost: string }[]>`select coalesce(sum(cost), 0) as cost from usage_hours`;
  process.send?.({ ...result, cost: booked?.cost, peakMegabytes: process.resourceUsage().maxRSS / 1024 });
});
process.on("disconnect", () => void closeDatabase());
process.send?.({ ready: true });
