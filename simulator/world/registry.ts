import { sha256 } from "../digest";
import { textToUnits } from "../money";
import { type Account, createWorkspace, type Workspace } from "./accounts";
import { chatroomHash, type NewKey, type SimulatedKey, secretFrom } from "./keys";

/** What of a key may change after it was made. Money as decimal USD text. */
export interface KeyChange {
  name?: string;
  disabled?: boolean;
  limit?: string | null;
  limitReset?: SimulatedKey["limitReset"];
  includeByokInLimit?: boolean;
}

/** Who and what exists: accounts, their workspaces and their keys. Unknown ids throw RangeError. */
export function createRegistry(seed: number, now: () => Date) {
  const accounts: Account[] = [];
  const workspaces: Workspace[] = [];
  const byHash = new Map<string, SimulatedKey>();
  const byId = new Map<number, SimulatedKey>();
  let nextId = 4_100_001;

  function account(id?: string): Account {
    const found = id === undefined ? accounts[0] : accounts.find((candidate) => candidate.id === id);
    if (!found) throw new RangeError(`No such account: ${id}`);
    return found;
  }

  function addAccount(): Account {
    const number = accounts.length + 1;
    const userId = `user_2${sha256(`${seed}/account/${number}`).slice(0, 26)}`;
    const added = { id: `account-${number}`, userId, organizationId: null, creditsBought: 0 };
    accounts.push(added);
    return added;
  }

  /** The first workspace of an account is its default. */
  function addWorkspace(name: string, options: { accountId?: string; createdAt?: Date } = {}): Workspace {
    const { id } = account(options.accountId);
    const isDefault = !workspaces.some((workspace) => workspace.accountId === id);
    const added = createWorkspace(seed, id, name, options.createdAt ?? now(), isDefault);
    workspaces.push(added);
    return added;
  }

  const workspacesOf = (accountId: string) => workspaces.filter((workspace) => workspace.accountId === accountId);

  function createKey(input: NewKey): SimulatedKey {
    const owner = account(input.accountId);
    const kind = input.kind ?? "inference";
    const workspaceId = input.workspaceId ?? workspacesOf(owner.id)[0]?.id ?? null;
    const id = kind === "chatroom" ? -1 : nextId++;
    const plaintext = kind === "chatroom" ? "" : secretFrom(`${seed}/${owner.id}/${id}/${input.name}`, input.prefix);
    const key: SimulatedKey = {
      id,
      hash: kind === "chatroom" ? chatroomHash(owner.id) : sha256(plaintext),
      plaintext,
      name: input.name,
      kind,
      accountId: owner.id,
      creatorUserId: input.creatorUserId ?? owner.userId,
      externalUser: input.externalUser ?? null,
      workspaceId: kind === "chatroom" ? null : workspaceId,
      disabled: input.disabled ?? false,
      deletedAt: null,
      expiresAt: input.expiresAt ?? null,
      createdAt: input.createdAt ?? now(),
      updatedAt: null,
      lastUsedAt: null,
      limit: input.limit === undefined || input.limit === null ? null : textToUnits(input.limit),
      limitReset: input.limitReset ?? null,
      includeByokInLimit: input.includeByokInLimit ?? false,
    };
    byHash.set(key.hash, key);
    if (id !== -1) byId.set(id, key);
    return key;
  }

  function key(hash: string): SimulatedKey {
    const found = byHash.get(hash);
    if (!found) throw new RangeError(`No key has the hash ${hash}`);
    return found;
  }

  function changeKey(hash: string, change: KeyChange): SimulatedKey {
    const { limit, ...rest } = change;
    return Object.assign(
      key(hash),
      rest,
      limit === undefined ? {} : { limit: limit === null ? null : textToUnits(limit) },
      { updatedAt: now() },
    );
  }

  return {
    account,
    addAccount,
    addWorkspace,
    workspacesOf,
    createKey,
    changeKey,
    key,
    /** Undefined when no such key exists; deleted keys are still found. */
    findKey: (hash: string) => byHash.get(hash),
    findKeyById: (id: number) => byId.get(id),
    /** Keys in the order of creation, of one account or of all, the chatroom and deleted ones included. */
    keys: (accountId?: string) =>
      [...byHash.values()].filter((each) => accountId === undefined || each.accountId === accountId),
    accounts: () => [...accounts],
    renameKey: (hash: string, name: string) => changeKey(hash, { name }),
    disableKey: (hash: string, disabled = true) => changeKey(hash, { disabled }),
    /** Lets the key expire at the given moment, at once by default. */
    expireKey: (hash: string, at: Date = now()) => Object.assign(key(hash), { expiresAt: at, updatedAt: now() }),
    /** The credential is refused from now on; its past spend stays. */
    deleteKey: (hash: string) => Object.assign(key(hash), { deletedAt: now() }),
  };
}

export type Registry = ReturnType<typeof createRegistry>;
