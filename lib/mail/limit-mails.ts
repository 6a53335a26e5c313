import "server-only";
import { countUse, limitUse } from "@/lib/access/rate-limit";
import { sha256 } from "@/lib/base/crypto";

const DAY = 86_400;
/** Mails of one kind to one address within a UTC day: nobody's mailbox is filled through us. */
const PER_ADDRESS = { reset: { limit: 10, windowSeconds: DAY }, "change-email": { limit: 3, windowSeconds: DAY } };
/** New addresses that one person asks to be written to within a UTC day. */
const PER_PERSON = { limit: 5, windowSeconds: DAY };

const ofAddress = (kind: keyof typeof PER_ADDRESS, email: string): string => `mail:${kind}:${sha256(email)}`;

/** Whether another link for a forgotten password may be mailed to an address today, which is counted. Callers are told nothing of it. */
export const mayMailReset = async (email: string): Promise<boolean> =>
  !(await countUse(ofAddress("reset", email), PER_ADDRESS.reset)).exceeded;

/** Counts a mail that a person has us send to another address, whoever reads there. 429 beyond the day's. */
export async function limitMailsToOthers(userId: number, email: string): Promise<void> {
  const tooMany = "Too many mails for today; please try again tomorrow";
  await limitUse(`mail:by:${userId}`, PER_PERSON, tooMany);
  await limitUse(ofAddress("change-email", email), PER_ADDRESS["change-email"], tooMany);
}
