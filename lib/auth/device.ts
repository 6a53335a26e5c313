import "server-only";
import { addressOf } from "@/lib/access/ip-address";
import type { Device } from "@/lib/sessions/sessions";

/** Where a request comes from: its address and what its program calls itself. */
export const deviceOf = (headers: Headers): Device => ({
  ip: addressOf(headers),
  userAgent: headers.get("user-agent"),
});
