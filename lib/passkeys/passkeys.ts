import "server-only";
import { and, desc, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { passkeys } from "@/db/schema/users";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { AppError } from "@/lib/base/errors";
import { type Page, pageOf } from "@/lib/base/page";
import { confirmPerson } from "@/lib/users/confirm-password";
import { endPasskeyFactor } from "@/lib/users/passkey-factor";
import { removeLoginMethod } from "@/lib/users/remove-login-method";
import type { PasskeyView } from "./schema";
import { toPasskeyView, view } from "./view";

const own = (viewer: Viewer, id: number) => and(eq(passkeys.id, id), eq(passkeys.userId, viewer.userId));
const unknown = () => new AppError("not_found", "There is no such passkey");

/** The viewer's passkeys, newest first. */
export async function listPasskeys(viewer: Viewer, { page, limit }: Page) {
  const theirs = eq(passkeys.userId, viewer.userId);
  const total = await db().$count(passkeys, theirs);
  const rows = await db()
    .select(view)
    .from(passkeys)
    .where(theirs)
    .orderBy(desc(passkeys.createdAt), desc(passkeys.id))
    .limit(limit)
    .offset((page - 1) * limit);
  return pageOf(rows.map(toPasskeyView), { page, limit }, total);
}

/** Gives a passkey of the viewer's another name. 404 when there is none. */
export async function renamePasskey(viewer: Viewer, { id, name }: { id: number; name: string }): Promise<PasskeyView> {
  return withTransaction(viewer, async ({ tx, record }) => {
    const [row] = await tx.update(passkeys).set({ name }).where(own(viewer, id)).returning(view);
    if (!row) throw unknown();
    const detail = { name };
    await record({ action: "passkey.renamed", objectType: "passkey", objectId: id, detail });
    return toPasskeyView(row);
  });
}

type Removal = { id: number; password?: string | undefined };

/**
 * Removes a passkey of the viewer's. With the last one passkeys stop being a second factor. Errors: 400 when the password is wrong or
 * nothing would be left to sign in with, 404.
 */
export async function removePasskey(viewer: Viewer, { id, ...confirmation }: Removal): Promise<void> {
  await confirmPerson(viewer, confirmation);
  await withTransaction(viewer, async ({ tx, record }) => {
    await removeLoginMethod(tx, viewer.userId, async () => {
      const [gone] = await tx.delete(passkeys).where(own(viewer, id)).returning({ name: passkeys.name });
      if (!gone) throw unknown();
      const detail = { name: gone.name };
      await record({ action: "passkey.removed", objectType: "passkey", objectId: id, detail });
    });
    const left = await tx.$count(passkeys, eq(passkeys.userId, sql`${viewer.userId}`));
    if (left === 0) await endPasskeyFactor({ tx, record }, viewer);
  });
}
