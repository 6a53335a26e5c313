import "server-only";
import ipaddr from "ipaddr.js";
import { log } from "@/lib/base/log";
import type { RateLimit } from "./rate-limit";

/**
 * The caller's IP address: the last entry of X-Forwarded-For. Behind TRUST_PROXY our own proxy wrote it; otherwise Next
 * did, from the socket, because `prepareRequests` took away whatever the caller claimed. Null where there is none or it
 * cannot be read.
 */
export function addressOf(headers: Headers): string | null {
  const last = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  if (!last) return null;
  const address = withoutPort(last);
  if (ipaddr.IPv6.isValid(address) || ipaddr.IPv4.isValidFourPartDecimal(address))
    return ipaddr.process(address).toString();
  warnOnce();
  return null;
}

/** Azure and IIS write `ip:port` and `[ip6]:port`; an IPv6 address of a link may name its interface (`%eth0`). */
function withoutPort(entry: string): string {
  const [, bracketed, plain] = /^"?(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)"?$/.exec(entry) ?? [];
  return (bracketed ?? plain ?? entry).replace(/%.*$/, "");
}

let isWarned = false;

/** The entry itself stays out of the log: who can write it could write anything there. */
function warnOnce(): void {
  if (isWarned) return;
  isWarned = true;
  log().warn(
    "X-Forwarded-For ends in something that is no IP address, so callers cannot be told apart; see TRUST_PROXY",
  );
}

/** How many subscribers may stand behind a caller without an IP address, of which one must not lock out the others. */
const UNKNOWN_CALLERS = 100;

/**
 * What a limit per caller is counted on. One subscriber has a whole IPv6 /64 (RFC 6177) and could take another address for each try, so the
 * /64 is counted. Callers whose address is not known share a bucket, which is that much larger.
 */
export function callerLimit(
  purpose: string,
  ip: string | null,
  limit: RateLimit,
): { bucket: string; limit: RateLimit } {
  if (ip === null) return { bucket: `${purpose}:unknown`, limit: { ...limit, limit: limit.limit * UNKNOWN_CALLERS } };
  return { bucket: `${purpose}:${networkOf(ip)}`, limit };
}

function networkOf(ip: string): string {
  const address = ipaddr.parse(ip);
  if (address instanceof ipaddr.IPv4) return ip;
  return `${new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0])}/64`;
}
