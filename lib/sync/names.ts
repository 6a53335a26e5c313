import type { ListedKey } from "./roster";

/**
 * Analytics report a key by its name, and names need not be unique. For each name: the live keys that bear it, and the deleted one that did.
 */
export type Owners = { live: ListedKey[]; deleted: ListedKey[] };

/** The owners of every name of an account. */
export function ownersByName(keys: ListedKey[]): Map<string, Owners> {
  const owners = new Map<string, Owners>();
  for (const key of keys) {
    const entry = owners.get(key.name) ?? { live: [], deleted: [] };
    entry[key.isDeleted ? "deleted" : "live"].push(key);
    owners.set(key.name, entry);
  }
  return owners;
}

/** The one key a name can mean, or null when it means none or several. */
export function soleOwner(owners: Owners | undefined): ListedKey | null {
  if (!owners) return null;
  const [only, second] = [...owners.live, ...owners.deleted];
  return only && !second ? only : null;
}

/** Who gets what is left of an ambiguous name once its live keys have theirs: a deleted key of that name, or nobody we know. */
export const heirOf = (owners: Owners | undefined): ListedKey | null => owners?.deleted.at(-1) ?? null;
