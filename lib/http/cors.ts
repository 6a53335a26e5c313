import "server-only";
import { env } from "@/lib/base/env";

const EXPOSED = [
  "ETag",
  "Retry-After",
  "X-Request-Id",
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
  "RateLimit",
  "RateLimit-Policy",
].join(", ");

/** Lets a page of ALLOWED_ORIGINS read a public API answer; credentials (cookies) are never allowed. */
export function allowOrigin(request: Request, response: Response): Response {
  if (!new URL(request.url).pathname.startsWith("/api/v1/")) return response;
  response.headers.append("Vary", "Origin");
  const origin = request.headers.get("origin");
  if (!origin || !env().ALLOWED_ORIGINS.includes(origin)) return response;
  response.headers.set("Access-Control-Allow-Origin", origin);
  response.headers.set("Access-Control-Expose-Headers", EXPOSED);
  return response;
}

/** The answer to OPTIONS, preflight or not. */
export function preflight(request: Request, allow: string): Response {
  const response = allowOrigin(request, new Response(null, { status: 204, headers: { Allow: allow } }));
  if (response.headers.has("Access-Control-Allow-Origin")) {
    response.headers.set("Access-Control-Allow-Methods", allow);
    response.headers.set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match");
    response.headers.set("Access-Control-Max-Age", "600");
  }
  return response;
}
