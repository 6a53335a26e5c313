import "server-only";
import { and, eq, isNotNull, sql as sqlText } from "drizzle-orm";
import { apiKeys } from "@/db/schema/keys";
import { teams } from "@/db/schema/teams";
import { refuseForeign } from "@/lib/access/ownership";
import { type Change, withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { type Page, pageOf } from "@/lib/base/page";
import { handOverAccount } from "./hand-over-account";
import type { KeyView } from "./schema";
import { countKeys, findKey, findKeys, type KeyChoice } from "./view";

/** The team's keys, newest first unless another order is asked for. */
export async function listKeys(viewer: Viewer, { page, limit, ...choice }: Page & KeyChoice) {
  const [total, items] = await Promise.all([
    countKeys(viewer.teamId, choice),
    findKeys(viewer.teamId, choice, { page, limit }),
  ]);
  return pageOf(items, { page, limit }, total);
}

/** One key. 404, or 403 when it is another team's. */
export async function getKey(viewer: Viewer, { id }: { id: number }): Promise<KeyView> {
  return (await findKey(viewer.teamId, id)) ?? refuseForeign("api_keys", id);
}

export type KeyChange = {
  id: number;
  name?: string | undefined;
  description?: string | null | undefined;
  is_active?: boolean | undefined;
};

/** Changes name, description or whether the key is watched; what is absent stays. */
export async function updateKey(viewer: Viewer, { id, ...change }: KeyChange): Promise<KeyView> {
  await withTransaction(viewer, async ({ tx, record }) => {
    const rows = await tx
      .update(apiKeys)
      .set({
        name: change.name,
        description: change.description,
        isActive: change.is_active,
        updatedAt: sqlText`now()`,
      })
      .where(ofTeam(viewer, id))
      .returning({ id: apiKeys.id });
    if (rows.length === 0) return refuseForeign("api_keys", id);
    await recordKeyChange({ tx, record }, viewer, "key.changed", id, { fields: Object.keys(change).join(", ") });
  });
  return getKey(viewer, { id });
}

/**
 * Deletes a key and its usage. With an account's last management key go the keys that were imported through it; those that were also pasted stay and are
 * watched by themselves.
 */
export async function deleteKey(viewer: Viewer, { id }: { id: number }): Promise<void> {
  await withTransaction(viewer, async ({ tx, record }) => {
    if (!(await handOverAccount(tx, viewer.teamId, id))) {
      await tx
        .update(apiKeys)
        .set({ managementKeyId: null })
        .where(and(eq(apiKeys.managementKeyId, id), eq(apiKeys.teamId, viewer.teamId), isNotNull(apiKeys.ciphertext)));
    }
    const [row] = await tx.delete(apiKeys).where(ofTeam(viewer, id)).returning({ name: apiKeys.name });
    if (!row) return refuseForeign("api_keys", id);
    await recordKeyChange({ tx, record }, viewer, "key.deleted", id, { name: row.name });
  });
}

const ofTeam = (viewer: Viewer, id: number) => and(eq(apiKeys.id, id), eq(apiKeys.teamId, viewer.teamId));

/** What every change of a key entails, in the transaction that makes it: a new version of the team's data, and a line in the audit log. */
export async function recordKeyChange(
  { tx, record }: Change,
  viewer: Viewer,
  action: "key.created" | "key.changed" | "key.deleted",
  id: number,
  detail: Record<string, string>,
): Promise<void> {
  await tx
    .update(teams)
    .set({ dataVersion: sqlText`${teams.dataVersion} + 1` })
    .where(eq(teams.id, viewer.teamId));
  await record({ action, objectType: "api_key", objectId: id, detail });
}
