import type { ListedKey } from "./roster";

/**
 * Analytics report a key by its name, and names need not be unique. For each name: the live keys that bear it, and the deleted ones that did, in the
 * order in which they were made.
 */
export type Owners = { live: ListedKey[]; deleted: ListedKey[] };

/** Names that OpenRouter gives to spend of no key (its own chat): a listed key of this name shares it. */
const RESERVED = new Set(["Chatroom"]);

/** The owners of every name of an account. */
export function ownersByName(keys: readonly ListedKey[]): Map<string, Owners> {
  const owners = new Map<string, Owners>();
  for (const key of keys) {
    const entry = owners.get(key.name) ?? { live: [], deleted: [] };
    entry[key.isDeleted ? "deleted" : "live"].push(key);
    owners.set(key.name, entry);
  }
  return owners;
}

/** The one key that a name can mean, or null when it means none or may mean several. */
export function soleOwner(name: string, owners: Owners | undefined): ListedKey | null {
  if (!owners || RESERVED.has(name)) return null;
  const [only, second] = [...owners.live, ...owners.deleted];
  return only && !second ? only : null;
}

/**
 * The deleted key to which late spend of a shared name is attributed: the last that had been made by then. Null = none of them can have spent it.
 */
export function lastDeletedBy({ deleted }: Owners, end: Date): ListedKey | null {
  return deleted.findLast((key) => !key.createdAt || key.createdAt < end) ?? null;
}
