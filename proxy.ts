import { type NextRequest, NextResponse } from "next/server";
import { isHttps, SESSION_COOKIE } from "@/lib/auth/cookie";
import { env } from "@/lib/env";

/**
 * Before every page: redirects early, turns forms from elsewhere away and allows the page's own scripts. It is not a gate: who may see what is
 * decided where the data are read.
 */
const PUBLIC = /^\/(login|register|forgot-password|reset-password|confirm-email|docs)(\/|$)/;

/** As `bodySizeLimit` of next.config.mjs, which bounds what comes without its length and would answer 500. */
const MAX_FORM = 64 * 1024;

export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce);
  const { pathname, search } = request.nextUrl;

  if (Number(request.headers.get("content-length") ?? 0) > MAX_FORM)
    return allowing(policy, new NextResponse(`The form is larger than ${MAX_FORM} bytes.\n`, { status: 413 }));
  if (request.method === "POST" && !isFromHere(request))
    return allowing(policy, new NextResponse("Forms are taken only from pages of this site.\n", { status: 403 }));

  const signedIn = request.cookies.has(SESSION_COOKIE());
  if (!PUBLIC.test(pathname) && !signedIn && request.method === "GET") {
    const login = new URL("/login", request.url);
    if (pathname !== "/") login.searchParams.set("next", pathname + search);
    return allowing(policy, NextResponse.redirect(login));
  }

  const headers = new Headers(request.headers);
  headers.set("x-pathname", pathname + search);
  headers.set("Content-Security-Policy", policy);
  return allowing(policy, NextResponse.next({ request: { headers } }));
}

/**
 * Whether a page of ours sent the form. Next asks this again, but takes a request that names no origin; every browser of today names one
 * with a POST. X-Forwarded-Host comes only from a proxy of ours (TRUST_PROXY), and is asked only where APP_URL does not say who we are.
 */
function isFromHere({ headers }: NextRequest): boolean {
  const origin = headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  if (host === headers.get("host")) return true;
  const appUrl = env().APP_URL;
  if (appUrl) return origin === new URL(appUrl).origin;
  return host === headers.get("x-forwarded-host")?.split(",")[0]?.trim();
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
