import "server-only";
import { eq, type SQL } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { Database } from "@/db/client";
import { teams } from "@/db/schema/teams";
import { users } from "@/db/schema/users";
import { AppError } from "@/lib/base/errors";

/** Whose things are counted: two additions to the same owner's wait for each other. */
type Owner = { userId: number; teamId?: never } | { teamId: number; userId?: never };

/** Things of `table` that fit `where`, of which the owner may have `most`; `detail` is the refusal. */
type Limit = { owner: Owner; table: PgTable; where: SQL | undefined; most: number; detail: string };

/**
 * Locks an owner's row until the transaction given ends. The lock lets foreign keys be checked: a sync, which asks them while it holds the
 * team's rows, would otherwise wait for us as we wait for it.
 */
export async function lockOwner(tx: Database, owner: Owner): Promise<void> {
  if (owner.userId !== undefined)
    await tx.select({ id: users.id }).from(users).where(eq(users.id, owner.userId)).for("no key update");
  else await tx.select({ id: teams.id }).from(teams).where(eq(teams.id, owner.teamId)).for("no key update");
}

/** Counts under a lock before something is added in the same transaction, so that two at once cannot both be the last one allowed. 400 at the limit. */
export async function lockAndCount(tx: Database, { owner, table, where, most, detail }: Limit): Promise<void> {
  await lockOwner(tx, owner);
  if ((await tx.$count(table, where)) >= most) throw new AppError("bad_request", detail);
}
