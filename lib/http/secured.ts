import "server-only";
import { isHttps } from "@/lib/auth/cookie";
import type { methods } from "./methods";
import type { RouteContext } from "./spec";

type Exports = ReturnType<typeof methods>;

/**
 * For routes that the middleware leaves alone because it would hold their whole body in memory, and cut it at 10 MB: sets the headers that it
 * sets on every other answer.
 */
export function secured(exports: Exports): Exports {
  const withHeaders = <A extends [Request, RouteContext?]>(answer: (...given: A) => Promise<Response>) => {
    return async (...given: A): Promise<Response> => {
      const response = await answer(...given);
      response.headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
      response.headers.set("X-Content-Type-Options", "nosniff");
      response.headers.set("X-Frame-Options", "DENY");
      response.headers.set("Referrer-Policy", "no-referrer");
      if (isHttps()) response.headers.set("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
      return response;
    };
  };
  const { OPTIONS, GET, HEAD, POST, PUT, PATCH, DELETE } = exports;
  return {
    GET: withHeaders(GET),
    HEAD: withHeaders(HEAD),
    POST: withHeaders(POST),
    PUT: withHeaders(PUT),
    PATCH: withHeaders(PATCH),
    DELETE: withHeaders(DELETE),
    OPTIONS: Object.assign(withHeaders(OPTIONS), { table: OPTIONS.table }),
  };
}
