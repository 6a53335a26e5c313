import "server-only";
import { createTransport } from "nodemailer";
import { env } from "@/lib/base/env";
import { log } from "@/lib/base/log";
import { maskKeys } from "@/lib/base/mask";

export type Mail = { to: string; subject: string; text: string };

/** Whether this instance can send mail at all; without SMTP_URL links go to the log. */
export const isMailOn = (): boolean => env().SMTP_URL !== undefined;

/**
 * Sends a plain-text mail. Without SMTP_URL its text is written to the server's log instead, where whoever runs the instance can
 * find the link. Never throws: a mail server that is down must not tell a stranger whether an address is known.
 */
export async function sendMail(mail: Mail): Promise<void> {
  const { SMTP_URL, MAIL_FROM } = env();
  if (!SMTP_URL) {
    log().warn({ to: mail.to, text: mail.text }, "Mail is off (SMTP_URL is not set), so this was not sent");
    return;
  }
  const transport = createTransport(SMTP_URL, { from: MAIL_FROM });
  try {
    await transport.sendMail({
      to: mail.to,
      subject: maskKeys(mail.subject),
      text: maskKeys(mail.text),
      from: MAIL_FROM,
    });
  } catch (error) {
    log().error({ err: error }, "A mail could not be sent");
  } finally {
    transport.close();
  }
}
