import "server-only";
import { and, eq, inArray, notExists, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { auditEvents, members, teams } from "@/db/schema/teams";
import { users } from "@/db/schema/users";
import { lockOwner } from "@/lib/access/limits";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { confirmPassword } from "./confirm-password";

/**
 * Deletes the person and every team that nobody else owns, with its keys, usage, tokens and history. Cannot be undone.
 * 400 when the password is wrong.
 */
export async function deleteAccount(viewer: Viewer, { password }: { password: string }): Promise<void> {
  await confirmPassword(viewer, password);
  // Who was there is not kept: the event names the account by its number alone.
  await withTransaction({ teamId: null }, async ({ tx, record }) => {
    await lockOwner(tx, { userId: viewer.userId });
    const other = alias(members, "other");
    const otherOwner = tx
      .select({ one: sql`1` })
      .from(other)
      .where(and(eq(other.teamId, members.teamId), eq(other.role, "owner"), sql`${other.userId} <> ${viewer.userId}`));
    const owned = await tx
      .select({ teamId: members.teamId })
      .from(members)
      .where(and(eq(members.userId, viewer.userId), eq(members.role, "owner"), notExists(otherOwner)));
    const teamIds = owned.map((row) => row.teamId);
    if (teamIds.length > 0) {
      await tx.delete(teams).where(inArray(teams.id, teamIds));
      // Only the history of a team that is gone can go.
      await tx.delete(auditEvents).where(inArray(auditEvents.teamId, teamIds));
    }
    await tx.delete(users).where(eq(users.id, viewer.userId));
    await record({ action: "account.deleted", objectType: "user", objectId: viewer.userId });
  });
}
