import "server-only";
import { STATUS_CODES } from "node:http";
import { AppError, isDatabaseGone, isDiskFull, STATUS } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { maskKeys } from "@/lib/base/mask";
import { isHalfRead } from "./read-body";
import { requestIdOf } from "./request-id";

/**
 * An error as RFC 9457 `application/problem+json`. What is not ours is logged whole and told with nothing but its request id. No key is echoed, wherever
 * in the request it stood.
 */
export function problem(error: unknown, request: Request): Response {
  const requestId = requestIdOf(request);
  const known = error instanceof AppError ? error : unexpected(error, requestId);
  const status = STATUS[known.code];
  const { errors, retryAfterSeconds, allow } = known.extra;
  const body = {
    type: "about:blank",
    title: STATUS_CODES[status],
    status,
    detail: known.detail,
    instance: new URL(request.url).pathname,
    ...(errors && { errors }),
  };
  const headers = new Headers({
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    "X-Request-Id": requestId,
  });
  if (status === 401) headers.set("WWW-Authenticate", "Bearer");
  if (retryAfterSeconds !== undefined) headers.set("Retry-After", String(retryAfterSeconds));
  if (allow) headers.set("Allow", allow);
  if (isHalfRead(request)) headers.set("Connection", "close");
  return new Response(maskKeys(JSON.stringify(body)), { status, headers });
}

function unexpected(error: unknown, requestId: string): AppError {
  if (isDiskFull(error)) {
    log().error({ requestId, err: error }, "The database's disk is full");
    return new AppError("unavailable", "The database's disk is full: nothing was stored, what is there can be read", {
      retryAfterSeconds: 60,
    });
  }
  if (isDatabaseGone(error)) {
    log().error({ requestId, err: error }, "The database cannot be reached");
    return new AppError("unavailable", "The database cannot be reached right now; please try again", {
      retryAfterSeconds: 5,
    });
  }
  log().error({ requestId, err: error }, "A request failed");
  return new AppError("internal", `Something went wrong (request ${requestId})`);
}
