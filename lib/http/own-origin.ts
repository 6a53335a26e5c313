import "server-only";
import { env } from "@/lib/base/env";

/**
 * Whether `Origin` names this instance: scheme, host and port. It is APP_URL, or the host that was asked for; under
 * APP_URL's host no other scheme or port counts: what came without TLS, or from another program of that machine, sends
 * no form here. X-Forwarded-Host and -Proto come only from a proxy of ours (TRUST_PROXY). False without an Origin:
 * every browser of today names one with a POST.
 */
export function isOwnOrigin(headers: Headers): boolean {
  const origin = headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  const appUrl = env().APP_URL;
  const own = appUrl === undefined ? null : new URL(appUrl);
  if (own && origin === own.origin) return true;
  if (new URL(origin).hostname === own?.hostname) return false;
  const asked = [headers.get("host"), ...(own ? [] : [first(headers.get("x-forwarded-host"))])];
  return asked.some((name) => name !== null && origin === `${protocolOf(headers)}://${name.toLowerCase()}`);
}

const first = (list: string | null): string | null => list?.split(",")[0]?.trim() ?? null;

/** Next says it of the socket where no proxy does. */
const protocolOf = (headers: Headers): string => first(headers.get("x-forwarded-proto")) ?? "http";
