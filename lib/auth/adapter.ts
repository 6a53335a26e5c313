import "server-only";
import { DrizzleAdapter } from "@auth/drizzle-adapter";
import { eq } from "drizzle-orm";
import { headers } from "next/headers";
import type { Adapter, AdapterUser } from "next-auth/adapters";
import { db } from "@/db/client";
import { accounts, users } from "@/db/schema/users";
import { requestLocale } from "@/i18n/locales";
import { addressOf } from "@/lib/access/ip-address";
import { withTransaction } from "@/lib/access/transaction";
import { cut, wellFormed } from "@/lib/base/text";
import { createAccount } from "@/lib/users/create-account";
import { Email } from "@/lib/users/schema";

type Tables = NonNullable<Parameters<typeof DrizzleAdapter<ReturnType<typeof db>>>[1]>;

/** What Auth.js may know of a person; hashes and sealed secrets stay here. */
const shown = ({ id, email, emailVerified, name, image }: typeof users.$inferSelect): AdapterUser => ({
  id: String(id),
  email,
  emailVerified,
  name,
  image,
});

/**
 * People and their logins at other services, for Auth.js. Ids are integers here and strings there. A new person gets a team as at
 * registration, under the same rules; the service's own tokens are not kept, since nothing uses them.
 */
export function accountsAdapter(): Adapter {
  // The adapter's types want text ids and columns of its own naming; its queries do not.
  const tables = { usersTable: users, accountsTable: accounts } as unknown as Tables;
  const { getUserByAccount } = DrizzleAdapter(db(), tables);
  const one = async (rows: Promise<(typeof users.$inferSelect)[]>) => {
    const [row] = await rows;
    return row ? shown(row) : null;
  };
  return {
    getUser: (id) =>
      one(
        db()
          .select()
          .from(users)
          .where(eq(users.id, Number(id))),
      ),
    getUserByEmail: async (email) => {
      const { data } = Email.safeParse(email);
      return data === undefined ? null : one(db().select().from(users).where(eq(users.email, data)));
    },
    getUserByAccount: async (account) => {
      const user = await getUserByAccount?.(account);
      if (!user) return null;
      const { id, email, emailVerified, name, image } = user;
      return { id: String(id), email, emailVerified, name: name ?? null, image: image ?? null };
    },
    createUser: async ({ email, name, image }) => {
      const asked = await headers();
      const { user } = await createAccount({
        email: Email.parse(email),
        passwordHash: null,
        name: name ? cut(name, 100) : null,
        image: image ? wellFormed(image) : null,
        isProven: true,
        ip: addressOf(asked),
        ...requestLocale(asked),
      });
      return shown(user);
    },
    linkAccount: async ({ userId, type, provider, providerAccountId }) => {
      await withTransaction({ teamId: null, userId: Number(userId) }, async ({ tx, record }) => {
        await tx.insert(accounts).values({ userId: Number(userId), type, provider, providerAccountId });
        await record({ action: "login.linked", objectType: "login", objectId: provider });
      });
    },
  };
}
