import "server-only";
import { and, eq, isNull, lt, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { broadcastConnections } from "@/db/schema/keys";
import { apiTokens, badges } from "@/db/schema/tokens";
import { accounts, passkeys } from "@/db/schema/users";
import type { AuditAction } from "@/lib/access/audit-actions";
import type { AuditObjectType } from "@/lib/access/audit-object-types";
import type { Change } from "@/lib/access/transaction";
import { revokeSessions } from "@/lib/sessions/sessions";
import { voidPending } from "@/lib/sessions/void-pending";
import { deleteFactors } from "./delete-factors";

type Ended = { id: string | number; teamId?: number; name?: string };

/**
 * Ends everything but the password by which a person's account can be opened or its figures be seen, and notes each in the log of its team:
 * sessions, what was mailed or begun, passkeys, API tokens, badges and Broadcast connections that they made, and whatever second factor or
 * sign-in service was set up before the mailbox was `proven` (null: it never was). Give the transaction that holds the person's row.
 */
export async function revokeAccess({ tx, record }: Change, userId: number, proven: Date | null): Promise<void> {
  await revokeSessions(tx, userId, null);
  const note = noteEach(record, userId);
  await note(
    "passkey.removed",
    "passkey",
    await tx.delete(passkeys).where(eq(passkeys.userId, userId)).returning({ id: passkeys.id, name: passkeys.name }),
  );
  await note("token.revoked", "api_token", await revokeTokens(tx, userId));
  await note("badge.deleted", "badge", await revokeBadges(tx, userId));
  await note(
    "broadcast.disconnected",
    "broadcast_connection",
    await tx.delete(broadcastConnections).where(eq(broadcastConnections.createdBy, userId)).returning({
      id: broadcastConnections.id,
      teamId: broadcastConnections.teamId,
      name: broadcastConnections.name,
    }),
  );
  await note("login.unlinked", "login", await unlink(tx, userId, proven));
  if (await deleteFactors(tx, userId, proven)) await note("two_factor.disabled", "user", [{ id: userId }]);
  await voidPending(tx, userId);
}

const noteEach =
  (record: Change["record"], userId: number) =>
  async (action: AuditAction, objectType: AuditObjectType, ended: Ended[]) => {
    for (const { id, teamId, name } of ended) {
      const detail = { by: "reset", ...(name !== undefined && { name }) };
      await record({ action, objectType, objectId: id, detail }, { userId, ...(teamId !== undefined && { teamId }) });
    }
  };

const revokeTokens = (tx: Database, userId: number): Promise<Ended[]> =>
  tx
    .update(apiTokens)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiTokens.createdBy, userId), isNull(apiTokens.revokedAt)))
    .returning({ id: apiTokens.id, teamId: apiTokens.teamId, name: apiTokens.name });

const revokeBadges = (tx: Database, userId: number): Promise<Ended[]> =>
  tx
    .update(badges)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(badges.createdBy, userId), isNull(badges.revokedAt)))
    .returning({ id: badges.id, teamId: badges.teamId });

/** What was linked since the mailbox was proven is the mailbox owner's own. */
const unlink = (tx: Database, userId: number, proven: Date | null): Promise<Ended[]> =>
  tx
    .delete(accounts)
    .where(and(eq(accounts.userId, userId), proven ? lt(accounts.createdAt, proven) : undefined))
    .returning({ id: accounts.provider });
