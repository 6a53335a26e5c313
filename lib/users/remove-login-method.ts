import "server-only";
import { and, eq, exists, inArray, isNotNull, or } from "drizzle-orm";
import type { Database } from "@/db/client";
import { accounts, passkeys, users } from "@/db/schema/users";
import { configuredOAuthProviders } from "@/lib/access/oauth-providers";
import { AppError } from "@/lib/base/errors";

/**
 * Takes one way to sign in away, in the transaction given, unless it is the last one: a password, a passkey, or a connected service that
 * this instance still offers. 400 then. Removals of one person wait for each other, so that two at once do not take two last ones.
 */
export async function removeLoginMethod(
  database: Database,
  userId: number,
  remove: () => Promise<void>,
): Promise<void> {
  await database.select({ id: users.id }).from(users).where(eq(users.id, userId)).for("no key update");
  await remove();
  const services = configuredOAuthProviders().map(({ id }) => id);
  const passkey = database.select({ id: passkeys.id }).from(passkeys).where(eq(passkeys.userId, userId));
  const service = database
    .select({ provider: accounts.provider })
    .from(accounts)
    .where(and(eq(accounts.userId, userId), inArray(accounts.provider, services)));
  const ways = or(isNotNull(users.passwordHash), exists(passkey), exists(service));
  const [left] = await database
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), ways));
  if (!left)
    throw new AppError("bad_request", "This is your only way to sign in: set a password or add another way first");
}
