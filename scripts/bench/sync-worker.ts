import { closeDatabase, sql } from "@/db/client";
import { sha256 } from "@/lib/base/crypto";
import { sealKey } from "@/lib/credentials/secret";
import { listAccountKeys } from "@/lib/openrouter/account";
import { followRoster } from "@/lib/sync/roster";
import { syncKey } from "@/lib/sync/run-unit";

/** The product's side of the benchmark: one account, synced in a process of its own, so that its memory can be told. `new`: it was connected a moment ago. */
const [, , managementKey = "", history = "known"] = process.argv;

async function connect(): Promise<number> {
  const [team] = await sql()<{ id: number }[]>`insert into teams (name) values ('bench') returning id`;
  const [key] = await sql()<{ id: number }[]>`
    insert into api_keys (team_id, name, kind, hash, ciphertext, measured_by, last_synced_at, status)
    values (${team?.id ?? 0}, 'Account', 'management', ${sha256(managementKey)}, '', 'analytics', now(), 'valid') returning id`;
  const id = key?.id ?? 0;
  await sql()`update api_keys set ciphertext = ${sealKey(id, managementKey)} where id = ${id}`;
  if (history === "new") {
    await sql()`update api_keys set measured_by = null, last_synced_at = null where id = ${id}`;
    return id;
  }
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

/** Sums of everything and of this UTC month, and the cells (key, hour, model) that the undivided answers had. */
async function readBooks() {
  const [booked] = await sql()<{ cost: string; month: string; cells: number }[]>`
    select coalesce(sum(cost), 0) as cost, coalesce(sum(cost) filter (where hour >= date_trunc('month', now(), 'UTC')), 0) as month,
      count(distinct (api_key_id, hour, model)) as cells
    from usage_hours`;
  return booked;
}

const id = await connect();
process.on("message", async (question) => {
  if (question === "books") return void process.send?.(await readBooks());
  const result = await timed(id);
  process.send?.({ ...result, ...(await readBooks()), peakMegabytes: process.resourceUsage().maxRSS / 1024 });
});
process.on("disconnect", () => void closeDatabase());
process.send?.({ ready: true });
