import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema/users";
import { withTransaction } from "@/lib/access/transaction";
import { runAfterResponse } from "@/lib/base/run-after-response";
import { mayMailReset } from "@/lib/mail/limit-mails";
import { pageAddress } from "@/lib/mail/page-address";
import { sendMail } from "@/lib/mail/send-mail";
import type { Device } from "@/lib/sessions/sessions";
import { limitAttempts } from "./attempts";
import { consumeLink, createLink } from "./mailed-links";
import { ownTeamOf } from "./own-team";
import { hashPassword, requireGoodPassword } from "./password";
import { revokeAccess } from "./revoke-access";

/** Asks for a link for setting a new password. The answer comes first and tells neither in words nor in time whether the address is known; 429 for whoever asks too often. */
export async function requestReset(device: Device, { email }: { email: string }): Promise<{ message: string }> {
  await limitAttempts({ purpose: "reset", ip: device.ip, email });
  runAfterResponse(() => mailReset(device, { email }));
  return { message: "If there is an account with this address, a link is on its way to it" };
}

/** Mails the link to an active person with this address; does nothing for others, nor beyond what an address is mailed a day. */
export async function mailReset(device: Device, { email }: { email: string }): Promise<void> {
  const [user] = await db()
    .select({ id: users.id, email: users.email })
    .from(users)
    .where(and(eq(sql`lower(${users.email})`, email), users.isActive));
  if (!user || !(await mayMailReset(user.email))) return;
  const actor = { teamId: await ownTeamOf(db(), user.id), ip: device.ip };
  const token = await withTransaction(actor, async ({ tx, record }) => {
    await record({ action: "password.reset_requested", objectType: "user", objectId: user.id });
    return createLink(tx, { userId: user.id, purpose: "reset-password" });
  });
  await sendMail({
    to: user.email,
    subject: "Set a new password for OpenRouter Monitor",
    text: [
      "Somebody, you we hope, asked to set a new password for your account. This link does it, once, within 30 minutes:",
      pageAddress("/reset-password", { token }),
      "It also ends everything else that could open the account: signed-in devices, passkeys, and the API tokens, badges and Broadcast connections that were made with it.",
      "If it was not you, do nothing: your password stays as it is.",
    ].join("\n\n"),
  });
}

/**
 * Sets a new password by a mailed link and ends everything else by which the account could be opened, whoever set it up: see `revokeAccess`.
 * 400 for a link that is used or old, 422 for a weak password.
 */
export async function resetPassword(
  device: Device,
  { token, password }: { token: string; password: string },
): Promise<void> {
  await limitAttempts({ purpose: "reset", ip: device.ip });
  const passwordHash = await hashPassword(password);
  await withTransaction({ teamId: null, ip: device.ip }, async ({ tx, record }) => {
    const { userId } = await consumeLink(tx, token, "reset-password");
    const [user] = await tx
      .select({ email: users.email, proven: users.emailVerified })
      .from(users)
      .where(eq(users.id, userId));
    requireGoodPassword(password, user?.email ?? "");
    await tx
      .update(users)
      // The link arrived, so the address is theirs.
      .set({ passwordHash, emailVerified: sql`coalesce(${users.emailVerified}, now())`, updatedAt: sql`now()` })
      .where(eq(users.id, userId));
    await record({ action: "password.reset", objectType: "user", objectId: userId }, { userId });
    await revokeAccess({ tx, record }, userId, user?.proven ?? null);
  });
}
