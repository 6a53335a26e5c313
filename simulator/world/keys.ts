import { sha256 } from "../digest";
import type { Period } from "../time";

/** `chatroom` is no credential: it stands for spend in OpenRouter's own chat page (api_key_id −1). */
export type KeyKind = "inference" | "management" | "oauth" | "chatroom";

export interface SimulatedKey {
  /** The numeric id that analytics filters accept; −1 for the chatroom. */
  id: number;
  hash: string;
  /** The whole secret, `sk-or-v1-` + 64 hex unless another prefix was wanted. Empty for the chatroom. */
  plaintext: string;
  name: string;
  kind: KeyKind;
  accountId: string;
  /** Who made it: `user_…`. */
  creatorUserId: string;
  /** A partner's name for the end user who bears it. */
  externalUser: string | null;
  workspaceId: string | null;
  disabled: boolean;
  deletedAt: Date | null;
  expiresAt: Date | null;
  createdAt: Date;
  updatedAt: Date | null;
  lastUsedAt: Date | null;
  /** Units of 1e-10 USD per period; null = no limit. */
  limit: number | null;
  limitReset: Period | null;
  includeByokInLimit: boolean;
}

/** What a new key may be given; the rest has the defaults of OpenRouter's form. */
export interface NewKey {
  name: string;
  kind?: KeyKind;
  /** Default `sk-or-v1-`; management keys may begin with `sk-or-mgmt-`. */
  prefix?: string;
  /** Default: the account's own user. */
  creatorUserId?: string;
  externalUser?: string | null;
  accountId?: string;
  workspaceId?: string;
  disabled?: boolean;
  expiresAt?: Date | null;
  createdAt?: Date;
  /** Decimal USD text. */
  limit?: string | null;
  limitReset?: Period | null;
  includeByokInLimit?: boolean;
}

/** A secret that depends on its seed alone, so that a world made twice has the same keys. */
export const secretFrom = (seed: string, prefix = "sk-or-v1-") => `${prefix}${sha256(`simulator/key/${seed}`)}`;

/** The masked form that OpenRouter shows: 12 characters, dots, the last three. */
export const labelOf = (plaintext: string) => `${plaintext.slice(0, 12)}...${plaintext.slice(-3)}`;

/** Whether OpenRouter would accept the key now. */
export const isAccepted = (key: SimulatedKey, at: Date) =>
  !key.disabled && key.deletedAt === null && !isExpired(key, at);

export const isExpired = (key: SimulatedKey, at: Date) => key.expiresAt !== null && key.expiresAt <= at;

/** Whether `GET /keys` may show the key: neither management nor OAuth keys are on the roster. */
export const isListed = (key: SimulatedKey) => key.kind === "inference" && key.deletedAt === null;

/** The hash under which an account's chatroom spend stands in the ledger. */
export const chatroomHash = (accountId: string) => `chatroom:${accountId}`;
