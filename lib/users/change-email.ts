import "server-only";
import { eq, sql } from "drizzle-orm";
import { users } from "@/db/schema/users";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { AppError, violatedUnique } from "@/lib/base/errors";
import { limitMailsToOthers } from "@/lib/mail/limit-mails";
import { pageAddress } from "@/lib/mail/page-address";
import { sendMail } from "@/lib/mail/send-mail";
import { requireLivingSession } from "@/lib/sessions/living";
import type { Device } from "@/lib/sessions/sessions";
import { voidPending } from "@/lib/sessions/void-pending";
import { limitAttempts } from "./attempts";
import { confirmPassword } from "./confirm-password";
import { consumeLink, createLink } from "./mailed-links";

/**
 * Mails a link to the new address; nothing changes until it is opened. Errors: 400 when the password is wrong, 429 after too many mails of a day,
 * to whomever or by whomever.
 */
export async function requestEmailChange(viewer: Viewer, input: { email: string; password: string }) {
  await confirmPassword(viewer, input.password);
  await limitMailsToOthers(viewer.userId, input.email);
  const token = await withTransaction(viewer, async ({ tx, record }) => {
    await requireLivingSession(tx, viewer);
    await record({ action: "email.change_requested", objectType: "user", objectId: viewer.userId });
    return createLink(tx, { userId: viewer.userId, purpose: "change-email", newEmail: input.email });
  });
  await sendMail({
    to: input.email,
    subject: "Confirm your new address for OpenRouter Monitor",
    text: `This link makes it the address of your account, once, within 30 minutes:\n\n${pageAddress("/confirm-email", { token })}`,
  });
  return { message: "Open the link that was sent to the new address" };
}

/**
 * Makes the new address the account's own, by the link that went to it, tells the old one, and voids what was mailed to that or begun before.
 * 400 when the link or the address is taken.
 */
export async function confirmEmailChange(device: Device, { token }: { token: string }): Promise<void> {
  await limitAttempts({ purpose: "reset", ip: device.ip });
  try {
    const { before, after } = await withTransaction({ teamId: null, ip: device.ip }, async ({ tx, record }) => {
      const { userId, newEmail } = await consumeLink(tx, token, "change-email");
      if (!newEmail) throw new Error("A link for changing an address has none");
      const [old] = await tx.select({ email: users.email }).from(users).where(eq(users.id, userId));
      await tx
        .update(users)
        .set({
          email: newEmail,
          // Confirming the present address proves it, once; another one is another mailbox.
          emailVerified: sql`case when ${users.email} = ${newEmail} then coalesce(${users.emailVerified}, now()) else now() end`,
          updatedAt: sql`now()`,
        })
        .where(eq(users.id, userId));
      await voidPending(tx, userId);
      const event = { action: "email.changed", objectType: "user", objectId: userId } as const;
      await record(event, { userId });
      return { before: old?.email, after: newEmail };
    });
    if (before && before !== after) await tellOldAddress(before, after);
  } catch (error) {
    if (violatedUnique(error) !== "users_email_unique") throw error;
    throw new AppError("bad_request", "Email already registered");
  }
}

const tellOldAddress = (to: string, after: string) =>
  sendMail({
    to,
    subject: "Your address at OpenRouter Monitor was changed",
    text: `The address of your account is now ${after}. If this was not you, ask whoever runs the instance for help.`,
  });
