import "server-only";
import { sql } from "@/db/client";
import type { AnalyticsRow, Window } from "@/lib/openrouter/analytics";
import { MEASURES, type Measures } from "@/lib/usage/measures";
import { isNothing, subtractMeasures } from "./cells";

/** A row that is booked for a key which cannot be asked (any more). */
export type Claim = AnalyticsRow & { apiKeyId: number };

/** What is booked in a window for some keys, in the order of the keys. */
export async function readClaims(apiKeyIds: number[], { start, end }: Window): Promise<Claim[]> {
  if (apiKeyIds.length === 0) return [];
  const rows = await sql()<Record<string, number | string | null>[]>`
    select * from usage_hours where api_key_id = any(${apiKeyIds}::int[])
      and hour >= ${start.toISOString()} and hour < ${end.toISOString()} order by api_key_id`;
  return rows.map((row) => ({
    apiKeyId: Number(row.api_key_id),
    hour: new Date(String(row.hour)),
    keyName: null,
    model: row.model as string | null,
    provider: row.provider as string | null,
    ...(Object.fromEntries(MEASURES.map(({ name, column }) => [name, row[column] ?? null])) as Measures),
  }));
}

/**
 * Gives keys that cannot be asked what stands booked for them, as far as the rest of their name's spend covers it. Answers what they keep,
 * and what is left.
 */
export function allocate(rest: AnalyticsRow, claims: readonly Claim[]): { kept: Claim[]; left: AnalyticsRow | null } {
  const kept: Claim[] = [];
  let left: AnalyticsRow = rest;
  for (const claim of claims) {
    const next = subtractMeasures(left, claim);
    if (!next) continue;
    kept.push(claim);
    left = { ...left, ...next };
  }
  return { kept, left: isNothing(left) ? null : left };
}
