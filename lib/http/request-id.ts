import "server-only";
import { env } from "@/lib/base/env";

/**
 * What proxies number requests by: UUIDs, hex, ULIDs, nginx's `$request_id`. Nothing that could break out of a log line
 * or a header.
 */
const SANE = /^[A-Za-z0-9][A-Za-z0-9._:=-]{7,127}$/;

/**
 * A request's id for logs, answers and error messages: the one that a trusted proxy gave it (TRUST_PROXY), else a new
 * one.
 */
export function newRequestId(headers: Headers): string {
  const given = env().TRUST_PROXY ? headers.get("x-request-id") : null;
  return given !== null && SANE.test(given) ? given : crypto.randomUUID();
}

const ids = new WeakMap<Request, string>();

/** The same id each time it is asked for the same request. */
export function requestIdOf(request: Request): string {
  const id = ids.get(request) ?? newRequestId(request.headers);
  ids.set(request, id);
  return id;
}
