import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { accounts } from "@/db/schema/users";
import { configuredOAuthProviders } from "@/lib/access/oauth-providers";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { AppError } from "@/lib/base/errors";
import { confirmPerson } from "@/lib/users/confirm-password";
import { removeLoginMethod } from "@/lib/users/remove-login-method";
import type { ServiceView } from "./schema";

/** The services that this instance offers for signing in, and which of them the viewer connected. */
export async function listIdentities(viewer: Viewer): Promise<{ items: ServiceView[] }> {
  const rows = await db()
    .select({ provider: accounts.provider })
    .from(accounts)
    .where(eq(accounts.userId, viewer.userId));
  const connected = new Set(rows.map(({ provider }) => provider));
  return { items: configuredOAuthProviders().map(({ id, name }) => ({ id, name, connected: connected.has(id) })) };
}

type Removal = { service: string; password?: string | undefined };

/** Lets a service vouch for the viewer no longer. Errors: 400 when the password is wrong or nothing would be left to sign in with, 404. */
export async function disconnectIdentity(viewer: Viewer, { service, ...confirmation }: Removal): Promise<void> {
  await confirmPerson(viewer, confirmation);
  await withTransaction(viewer, ({ tx, record }) =>
    removeLoginMethod(tx, viewer.userId, async () => {
      const gone = await tx
        .delete(accounts)
        .where(and(eq(accounts.userId, viewer.userId), eq(accounts.provider, service)))
        .returning({ provider: accounts.provider });
      if (gone.length === 0) throw new AppError("not_found", "This service is not connected");
      await record({ action: "login.unlinked", objectType: "login", objectId: service });
    }),
  );
}
