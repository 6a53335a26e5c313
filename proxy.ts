import { type NextRequest, NextResponse } from "next/server";
import { isHttps, SESSION_COOKIE } from "@/lib/access/cookie";
import { isOwnOrigin } from "@/lib/http/own-origin";
import { newRequestId } from "@/lib/http/request-id";

/**
 * Before every page: redirects early, turns forms from elsewhere away and allows the page's own scripts. It is not a gate: who may see what is
 * decided where the data are read.
 */
const PUBLIC = /^\/(login|register|forgot-password|reset-password|confirm-email|docs)(\/|$)/;

const ELSEWHERE =
  "Forms are taken only from pages of this site. If this is one of them, set APP_URL to the address in your browser.\n";

/** As `bodySizeLimit` of next.config.mjs, which bounds what comes without its length and would answer 500. */
const MAX_FORM = 64 * 1024;

export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce);
  const { pathname, search } = request.nextUrl;

  if (Number(request.headers.get("content-length") ?? 0) > MAX_FORM)
    return allowing(policy, new NextResponse(`The form is larger than ${MAX_FORM} bytes.\n`, { status: 413 }));
  // Next knows APP_URL only from the build, does not compare the scheme and takes a request that names no origin.
  if (request.method === "POST" && !isOwnOrigin(request.headers))
    return allowing(policy, new NextResponse(ELSEWHERE, { status: 403 }));

  const signedIn = request.cookies.has(SESSION_COOKIE());
  if (!PUBLIC.test(pathname) && !signedIn && request.method === "GET") {
    const login = new URL("/login", request.url);
    if (pathname !== "/") login.searchParams.set("next", pathname + search);
    return allowing(policy, NextResponse.redirect(login));
  }

  const headers = new Headers(request.headers);
  const requestId = newRequestId(request.headers);
  headers.set("x-request-id", requestId);
  headers.set("x-pathname", pathname + search);
  headers.set("Content-Security-Policy", policy);
  // Next holds forms against the host that it was asked for, which a proxy may have replaced: it gets the one that was
  // just verified.
  if (request.method === "POST") headers.set("x-forwarded-host", new URL(headers.get("origin") ?? "").host);
  const response = allowing(policy, NextResponse.next({ request: { headers } }));
  response.headers.set("X-Request-Id", requestId);
  return response;
}

function contentSecurityPolicy(nonce: string): string {
  // biome-ignore lint/style/noProcessEnv: React's development build needs eval; production never gets it
  const development = process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    // Charts and tables set style attributes; a nonce cannot cover those.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(isHttps() ? ["upgrade-insecure-requests"] : []),
  ].join("; ");
}

function allowing(policy: string, response: NextResponse): NextResponse {
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

// Routes for programs, who send no cookie and no forms, have no part in this; they are twice as quick without it.
export const config = {
  matcher: [
    "/((?!(?:api|metrics|badge|openapi\\.json)(?:/|$)|_next/static|_next/image|icon|favicon|robots\\.txt|manifest|apple-icon).*)",
  ],
};
