import "server-only";
import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { members, teams } from "@/db/schema/teams";
import { users } from "@/db/schema/users";
import { isLocale, LOCALES } from "@/i18n/locales";
import { sentenceIn } from "@/i18n/sentences";
import { withTransaction } from "@/lib/access/transaction";
import { env } from "@/lib/base/env";
import { AppError, violatedUnique } from "@/lib/base/errors";

type NewAccount = {
  email: string;
  passwordHash: string | null;
  name?: string | null;
  image?: string | null;
  /** Whether the mailbox is theirs, by the word of a sign-in service. */
  isProven?: boolean;
  locale?: string;
  timezone?: string;
  ip: string | null;
};

/** Names of teams are shown to others, in badges to everybody: nothing of the person stands in it. */
const teamName = (locale: string | undefined): string => sentenceIn(isLocale(locale) ? locale : LOCALES[0], "My team");

/** Any constant: registrations wait for each other, so that exactly one of them is the first. */
const REGISTRATION_LOCK = 4_711_002;

/** Whether REGISTRATION lets another person in right now. */
export async function isRegistrationOpen(): Promise<boolean> {
  if (env().REGISTRATION === "first-user") return (await db().$count(users)) === 0;
  return env().REGISTRATION === "open";
}

export const registrationClosed = () => new AppError("forbidden", "Registration is closed on this instance");

/**
 * Makes a person and their own team, as its owner, or nothing at all. The first person of an instance looks after it.
 * Errors: 403 when REGISTRATION lets nobody in, 400 for an e-mail that is taken.
 */
export async function createAccount({ ip, isProven = false, ...account }: NewAccount) {
  try {
    return await withTransaction({ teamId: null, ip }, async ({ tx, record }) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${REGISTRATION_LOCK})`);
      const isFirst = (await tx.$count(users)) === 0;
      const mode = env().REGISTRATION;
      if (mode === "closed" || (mode === "first-user" && !isFirst)) throw registrationClosed();
      const [user] = await tx
        .insert(users)
        .values({ ...account, isAdmin: isFirst, emailVerified: isProven ? sql`now()` : null })
        .returning();
      const [team] = await tx
        .insert(teams)
        .values({ name: teamName(account.locale) })
        .returning({ id: teams.id });
      if (!user || !team) throw new Error("The account was not stored");
      await tx.insert(members).values({ teamId: team.id, userId: user.id, role: "owner" });
      const owner = { teamId: team.id, userId: user.id };
      await record({ action: "account.created", objectType: "user", objectId: user.id }, owner);
      return { user, teamId: team.id };
    });
  } catch (error) {
    if (violatedUnique(error) !== "users_email_unique") throw error;
    throw new AppError("bad_request", "Email already registered", {
      errors: [{ field: "email", message: "is already registered" }],
    });
  }
}
