import "server-only";
import { db } from "@/db/client";
import { callerLimit } from "@/lib/access/ip-address";
import { countUse } from "@/lib/access/rate-limit";
import { recordEvent } from "@/lib/access/record-event";
import type { Device } from "@/lib/sessions/sessions";

const ONCE_A_MINUTE = { limit: 1, windowSeconds: 60 };

/** Records a sign-in that was refused, in the log of the person's team where it is known whom it was about. */
export async function recordRefusedSignIn(device: Device, userId: number | null, reason: string): Promise<void> {
  // Of what belongs to nobody one line a minute and address is kept; both are asked, so that neither takes longer.
  const { bucket } = callerLimit("refused:sign-in", device.ip, ONCE_A_MINUTE);
  const { exceeded } = await countUse(bucket, ONCE_A_MINUTE);
  if (userId === null && exceeded) return;
  const actor = { teamId: null, userId, ip: device.ip };
  await recordEvent(db(), actor, { action: "session.refused", detail: { reason } });
}
