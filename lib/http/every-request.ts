import "server-only";
import { randomUUID } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isHttps } from "@/lib/access/cookie";

/** A page's own policy takes the place of this one; what else leaves is data, and the badge, whose SVG carries its style. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/**
 * Numbers every request and sets on every answer the headers that they all share, before Next sees either: whatever Next itself answers
 * has them too, and routes for programs need not pass through the proxy, which would cost them half of their speed and hold their whole
 * body in memory.
 */
export function markEveryRequest(): void {
  const headers = new Map([
    ["Content-Security-Policy", POLICY],
    ["X-Content-Type-Options", "nosniff"],
    ["X-Frame-Options", "DENY"],
    ["Referrer-Policy", "strict-origin-when-cross-origin"],
    ["Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"],
    ["Cross-Origin-Opener-Policy", "same-origin"],
    ...(isHttps() ? [["Strict-Transport-Security", "max-age=63072000; includeSubDomains"] as const] : []),
  ]);
  subscribe("http.server.request.start", (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    request.headers["x-request-id"] = randomUUID();
    response.setHeaders(headers);
  });
}
