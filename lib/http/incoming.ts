import "server-only";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { isHttps } from "@/lib/access/cookie";
import { env } from "@/lib/base/env";

const FORWARDED = ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "forwarded"];

/**
 * A request has arrived with its whole body within this many ms, whoever reads it; Node would wait for five minutes.
 */
const REQUEST_MS = 60_000;

type Message = { request: IncomingMessage; response: ServerResponse; server: Server };

/**
 * Prepares each request before Next sees it, where Next has no setting of its own. Node announces requests on this
 * channel, so nothing is patched:
 * - Next believes forwarding headers of anybody, reads undecodable URLs as 500, and keeps Node's five minutes for a
 *   body that never ends;
 * - `headers()` of next.config.mjs is fixed while building, and only APP_URL tells whether browsers may be held to
 *   HTTPS.
 */
export function prepareRequests(requestMs: number = REQUEST_MS): void {
  subscribe("http.server.request.start", (message) => {
    const { request, response, server } = message as Message;
    if (!env().TRUST_PROXY) for (const name of FORWARDED) delete request.headers[name];
    if (request.url?.includes("%")) request.url = decodable(request.url);
    if (isHttps()) response.setHeader("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
    limitTime(server, requestMs);
  });
}

/**
 * Percent signs that begin no escape, and escapes that are not UTF-8, stand for themselves: the path is an unknown
 * route like any other.
 */
function decodable(url: string): string {
  const [path = "", ...query] = url.split("?");
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return [path.replaceAll("%", "%25"), ...query].join("?");
  }
}

/** Node ends slower requests with 408. Next makes the server, and passes no such setting on. */
function limitTime(server: Server, ms: number): void {
  if (server.requestTimeout > 0 && server.requestTimeout <= ms) return;
  server.requestTimeout = ms;
  // Node takes the greater of the two for the whole request.
  server.headersTimeout = Math.min(server.headersTimeout, ms);
}
