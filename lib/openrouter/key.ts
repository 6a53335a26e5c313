import "server-only";
import { z } from "zod";
import { type Call, callOpenRouter } from "./client";
import { readPages } from "./pages";
import { absent, decimal, instant, optional, parseAnswer, text } from "./wire";

/** Limits and counters that a key's own record and a row of the roster share. USD; weeks start on Monday, all periods are UTC. */
const counters = {
  label: optional(text),
  limit: optional(decimal),
  limit_remaining: optional(decimal),
  limit_reset: optional(text),
  include_byok_in_limit: optional(z.boolean()),
  usage: absent(decimal),
  usage_daily: optional(decimal),
  usage_weekly: optional(decimal),
  usage_monthly: optional(decimal),
  byok_usage: optional(decimal),
  byok_usage_daily: optional(decimal),
  byok_usage_weekly: optional(decimal),
  byok_usage_monthly: optional(decimal),
  creator_user_id: optional(text),
  expires_at: optional(instant),
  workspace_id: optional(text),
};

const KeyRecord = z.object({
  data: z.object({
    ...counters,
    /** Null = a personal account; absent = not told. */
    organization_id: z.string().nullish().catch(undefined),
    is_management_key: optional(z.boolean()),
    is_provisioning_key: optional(z.boolean()),
  }),
});

const RosterRow = z.object({
  ...counters,
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .transform((hash) => hash.toLowerCase()),
  name: text.catch(""),
  disabled: optional(z.boolean()),
  created_at: optional(instant),
  last_used_at: optional(instant),
});

export type KeyRecord = z.output<typeof KeyRecord>["data"];
export type RosterKey = z.output<typeof RosterRow> & { workspaceName: string | null };

/** `GET /key`: what a key says about itself. A management key answers too and says that it is one. */
export async function readKey(secret: string, call: Call = {}): Promise<KeyRecord> {
  return parseAnswer(KeyRecord, await callOpenRouter(secret, "/key", call), "the key").data;
}

export const isManagementKey = (record: KeyRecord): boolean =>
  record.is_management_key ?? record.is_provisioning_key ?? false;

/** Whose account a key is of, as far as OpenRouter says: its organization, or the person where it says that there is none. */
export function accountOf({ organization_id: organization, creator_user_id: user }: KeyRecord): string | null {
  if (organization) return `org:${organization}`;
  return organization === null && user ? `user:${user}` : null;
}

/** `GET /keys/{hash}`: one key's row, by a management key. Null when OpenRouter knows it no longer. */
export async function readListedKey(secret: string, hash: string, call: Call = {}): Promise<RosterKey> {
  const body = await callOpenRouter(secret, `/keys/${hash}`, call);
  return { ...parseAnswer(z.object({ data: RosterRow }), body, "the key").data, workspaceName: null };
}

/**
 * `GET /keys`, page by page (there is no total: a short page is the last), disabled and expired keys too. Answers keys of one workspace, of the
 * default one when none is named. Management keys and keys made through OAuth are never listed. Bad rows are counted, not fatal.
 */
export async function listWorkspaceKeys(
  secret: string,
  workspace: { id: string; name: string | null } | null,
  call: Call = {},
): Promise<{ keys: RosterKey[]; rejected: number }> {
  const rows = await readPages("the list of keys", (offset) => {
    const query = { include_disabled: true, include_expired: true, offset, workspace_id: workspace?.id };
    return callOpenRouter(secret, "/keys", { ...call, query });
  });
  const keys = rows.flatMap((row) => {
    const { data } = RosterRow.safeParse(row);
    return data ? [{ ...data, workspaceName: workspace?.name ?? null }] : [];
  });
  return { keys, rejected: rows.length - keys.length };
}
