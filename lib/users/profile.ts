import "server-only";
import { eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema/users";
import { requireTimezone } from "@/db/timezone";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { AppError } from "@/lib/base/errors";

const view = {
  id: users.id,
  email: users.email,
  name: users.name,
  timezone: users.timezone,
  locale: users.locale,
  theme: users.theme,
  has_password: sql<boolean>`${users.passwordHash} is not null`,
  two_factor: sql<boolean>`${users.totpEnabledAt} is not null or ${users.passkeyFactorAt} is not null`,
  created_at: users.createdAt,
};

/** The viewer's own account. */
export async function getProfile(viewer: Viewer) {
  const [row] = await db().select(view).from(users).where(eq(users.id, viewer.userId));
  return told(row);
}

type Changes = { [F in "name" | "timezone" | "locale" | "theme"]?: string | null | undefined };

/** Changes what is given; `name: null` takes the name away. */
export async function updateProfile(viewer: Viewer, { name, timezone, locale, theme }: Changes) {
  if (timezone) await requireTimezone(timezone);
  return withTransaction(viewer, async ({ tx, record }) => {
    const [row] = await tx
      .update(users)
      .set({
        ...(name !== undefined && { name: name || null }),
        ...(timezone && { timezone }),
        ...(locale && { locale }),
        ...(theme && { theme }),
        updatedAt: sql`now()`,
      })
      .where(eq(users.id, viewer.userId))
      .returning(view);
    await record({ action: "profile.changed", objectType: "user", objectId: viewer.userId });
    return told(row);
  });
}

type Row = { created_at: Date } | undefined;
function told<R extends Row>(row: R) {
  if (!row) throw new AppError("not_found", "The account is gone");
  return { ...row, created_at: row.created_at.toISOString() };
}
