import "server-only";
import { addHours } from "@/lib/base/time";
import type { AnalyticsRow } from "@/lib/openrouter/analytics";
import type { UsageRow } from "@/lib/usage/write/ingest-usage";
import type { Asking } from "./asking";
import { type Attribution, cellOf, isRecent, nameOf, toUsage } from "./attribution";
import { type Cell, compareCells, rowsOf } from "./cells";
import { allocate, type Claim, readClaims } from "./claims";
import { lastDeletedBy, soleOwner } from "./names";
import { askByKey, type ByKey, hasProviders, type OwnedRow } from "./split-by-key";

export type Shared = { rows: UsageRow[]; unsplit: number };

/**
 * Shares out names whose keys were asked by hash. What their keys do not explain goes to the deleted keys of the name, first what stands booked for
 * them, and then to nobody we know; it is never dropped.
 */
export async function settleShared(
  asking: Asking,
  attribution: Attribution,
  cells: Cell<OwnedRow>[],
  byKey: ByKey,
): Promise<Shared> {
  const { cells: exact, unsplit: withoutProvider } = await askUndivided(asking, attribution, cells, byKey);
  const claims = await readClaimsOf(attribution, exact, byKey);
  const active = new Set(attribution.keys.filter((key) => key.isActive).map(({ id }) => id));
  const rows: UsageRow[] = [];
  let unsplit = withoutProvider;
  for (const cell of exact) {
    for (const part of cell.parts) rows.push(toUsage(part, part.apiKeyId));
    if (!cell.rest) continue;
    const { owned, isUnsplit } = ownRest(asking, attribution, cell, cell.rest, byKey, claims);
    rows.push(...owned);
    if (isUnsplit) unsplit++;
  }
  // Keys that are switched off here are left as they are.
  return { rows: rows.filter(({ apiKeyId }) => apiKeyId === attribution.accountId || active.has(apiKeyId)), unsplit };
}

/**
 * A split by provider may leave out what has none. So where something is left, the keys of that name are asked once more, undivided: what they then
 * explain is theirs.
 */
async function askUndivided(
  asking: Asking,
  { owners, slice }: Attribution,
  cells: Cell<OwnedRow>[],
  byKey: ByKey,
): Promise<{ cells: Cell<OwnedRow>[]; unsplit: number }> {
  if (!hasProviders(asking, slice)) return { cells, unsplit: 0 };
  const left = new Set(cells.filter((cell) => cell.rest && !cell.isExceeded).map((cell) => nameOf(cell.whole)));
  const keys = [...left].flatMap((name) => owners.get(name)?.live ?? []).filter((key) => !byKey.failures.has(key.id));
  if (keys.length === 0) return { cells, unsplit: 0 };
  const undivided = await askByKey(asking, keys, slice, "none");
  const ofKey = (row: AnalyticsRow) => `${cellOf(row)} ${(row as OwnedRow).apiKeyId}`;
  const known = new Set(keys.filter((key) => !undivided.failures.has(key.id)).map(({ id }) => id));
  const refined = compareCells(
    undivided.rows.filter((row) => known.has(row.apiKeyId)),
    byKey.rows.filter((row) => known.has(row.apiKeyId)),
    ofKey,
  );
  const rows = refined.flatMap(rowsOf) as OwnedRow[];
  const others = byKey.rows.filter((row) => !known.has(row.apiKeyId));
  const whole = cells.map((cell) => cell.whole);
  return {
    cells: compareCells(whole, [...rows, ...others], cellOf),
    unsplit: refined.filter(({ rest }) => rest && !isRecent(asking.now, rest)).length,
  };
}

/** What stands booked for keys of these names that cannot be asked: deleted ones, and live ones whose question failed. */
async function readClaimsOf({ owners, slice }: Attribution, cells: Cell<OwnedRow>[], { failures }: ByKey) {
  const names = new Set(cells.filter(({ rest }) => rest).map(({ whole }) => nameOf(whole)));
  const claimants = new Map<number, string>();
  for (const name of names) {
    const { live = [], deleted = [] } = owners.get(name) ?? {};
    for (const key of [...deleted, ...live.filter(({ id }) => failures.has(id))]) claimants.set(key.id, name);
  }
  const claims = new Map<string, Claim[]>();
  for (const claim of await readClaims([...claimants.keys()], slice)) {
    const cell = cellOf({ ...claim, keyName: claimants.get(claim.apiKeyId) ?? null });
    claims.set(cell, [...(claims.get(cell) ?? []), claim]);
  }
  return claims;
}

type Owned = { owned: UsageRow[]; isUnsplit: boolean };

function ownRest(
  asking: Asking,
  { owners, accountId }: Attribution,
  { isExceeded }: Cell<OwnedRow>,
  rest: AnalyticsRow,
  byKey: ByKey,
  claims: ReadonlyMap<string, Claim[]>,
): Owned {
  const name = nameOf(rest);
  const named = owners.get(name);
  const sole = soleOwner(name, named);
  const whole = (isUnsplit: boolean): Owned => ({ owned: [toUsage(rest, sole?.id ?? accountId)], isUnsplit });
  if (isExceeded) return whole(!isRecent(asking.now, rest));
  if (sole && byKey.unreadable.has(sole.id)) return whole(false);
  if (sole && byKey.failures.has(sole.id)) return whole(true);
  // No filter by hash has ever brought anything, and OpenRouter's counters say that the key did spend: the filter is not understood.
  if (sole?.hasSpent && !asking.hashesMatch) return whole(true);
  const { kept, left } = allocate(rest, claims.get(cellOf(rest)) ?? []);
  const heir = named && lastDeletedBy(named, addHours(rest.hour, 1));
  const owned = kept.map((claim) => toUsage(claim, claim.apiKeyId));
  if (left) owned.push(toUsage(left, heir?.id ?? accountId));
  return { owned, isUnsplit: false };
}
