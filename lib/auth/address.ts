import "server-only";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";
import { env } from "@/lib/env";

/**
 * The caller's address: the last entry of X-Forwarded-For. Behind TRUST_PROXY our own proxy wrote it; otherwise Next did, from the
 * socket, because `distrustForwardedHeaders` took away whatever the caller claimed. Null where a request has no socket (tests).
 */
export function addressOf(headers: Headers): string | null {
  const last = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  return last && ipaddr.isValid(last) ? ipaddr.process(last).toString() : null;
}

/** Removes forwarding headers of callers before Next reads them, unless a proxy of ours is known to write them. */
export function distrustForwardedHeaders(): void {
  if (env().TRUST_PROXY) return;
  subscribe("http.server.request.start", (message) => {
    const { headers } = (message as { request: IncomingMessage }).request;
    for (const name of ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "forwarded"])
      delete headers[name];
  });
}
