import { stableUuid } from "../digest";

export interface Workspace {
  id: string;
  accountId: string;
  name: string;
  slug: string;
  createdAt: Date;
  isDefault: boolean;
  isBroadcastEnabled: boolean;
}

export interface Account {
  id: string;
  /** Clerk style: `user_…`. */
  userId: string;
  /** null = a person's own account. May be set while the world lives. */
  organizationId: string | null;
  /** Credits ever bought, in units of 1e-10 USD. */
  creditsBought: number;
}

/** `Customer Apps` → `customer-apps` */
const slugOf = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

/** A workspace with an id that depends on seed, account and name alone. */
export function createWorkspace(
  seed: number,
  accountId: string,
  name: string,
  createdAt: Date,
  isDefault = false,
): Workspace {
  const id = stableUuid(`${seed}/workspace/${accountId}/${name}`);
  return {
    id,
    accountId,
    name,
    slug: isDefault ? "default" : slugOf(name),
    createdAt,
    isDefault,
    isBroadcastEnabled: true,
  };
}
