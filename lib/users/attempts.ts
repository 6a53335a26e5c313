import "server-only";
import { callerLimit } from "@/lib/access/ip-address";
import { limitUse, type RateLimit, refundUse } from "@/lib/access/rate-limit";
import { sha256 } from "@/lib/base/crypto";

export type Attempt = {
  purpose: "login" | "register" | "reset" | "passkey" | "confirm";
  ip: string | null;
  email?: string;
};

/** Five a minute; whoever goes on at that pace waits a quarter of an hour, then an hour. */
const STEPS: readonly RateLimit[] = [
  { limit: 5, windowSeconds: 60 },
  { limit: 15, windowSeconds: 900 },
  { limit: 30, windowSeconds: 3600 },
];

/** E-mail addresses are hashed: the counters need not know whom they count. */
const counters = ({ purpose, ip, email }: Attempt) =>
  STEPS.flatMap((step) => [
    callerLimit(`${purpose}:${step.windowSeconds}:ip`, ip, step),
    ...(email === undefined
      ? []
      : [{ bucket: `${purpose}:${step.windowSeconds}:email:${sha256(email)}`, limit: step }]),
  ]);

/** Counts an attempt against its address and its e-mail, before it is tried, over all processes. 429 when it is one too many. */
export async function limitAttempts(attempt: Attempt): Promise<void> {
  for (const { bucket, limit } of counters(attempt)) await limitUse(bucket, limit);
}

/** Takes an attempt back that was rightful: only failures use up the allowance. */
export async function refundAttempt(attempt: Attempt): Promise<void> {
  await Promise.all(counters(attempt).map(({ bucket }) => refundUse(bucket)));
}
