import { type NextRequest, NextResponse } from "next/server";

/**
 * Redirects early and sets headers; it is not a gate. Who may see what is decided where the data is read.
 */
const PUBLIC =
  /^\/(login|register|forgot-password|reset-password|confirm-email|docs|api|openapi\.json|metrics|badge)(\/|$)/;

/** Doors for programs and readers, who send no cookie. All other POSTs are forms of our pages. */
const NO_FORMS = /^\/(api|openapi\.json|metrics|badge)(\/|$)/;

export function middleware(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const { pathname, search } = request.nextUrl;
  // biome-ignore lint/style/noProcessEnv: the edge runtime has no other way, and lib/env reads files
  const appUrl = process.env.APP_URL;
  const https = appUrl?.startsWith("https://") ?? false;
  const signedIn = request.cookies.has(https ? "__Host-session" : "session");
  const policy = contentSecurityPolicy(nonce, https);

  if (request.method === "POST" && !NO_FORMS.test(pathname) && !isFromHere(request, appUrl))
    return withHeaders(
      new NextResponse("Forms are taken only from pages of this site.\n", { status: 403 }),
      policy,
      https,
    );

  if (!PUBLIC.test(pathname) && !signedIn && request.method === "GET") {
    const login = new URL("/login", request.url);
    if (pathname !== "/") login.searchParams.set("next", pathname + search);
    return withHeaders(NextResponse.redirect(login), policy, https);
  }

  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("x-pathname", pathname + search);
  headers.set("x-request-id", crypto.randomUUID());
  headers.set("Content-Security-Policy", policy);
  return withHeaders(NextResponse.next({ request: { headers } }), policy, https);
}

/**
 * Whether a page of ours sent the form. Next asks this again, but takes a request that names no origin; every browser of today names one
 * with a POST. X-Forwarded-Host comes only from a proxy of ours (TRUST_PROXY), and is asked only where APP_URL does not say who we are.
 */
function isFromHere({ headers }: NextRequest, appUrl: string | undefined): boolean {
  const origin = headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  if (host === headers.get("host")) return true;
  if (appUrl && URL.canParse(appUrl)) return origin === new URL(appUrl).origin;
  return host === headers.get("x-forwarded-host")?.split(",")[0]?.trim();
}

function contentSecurityPolicy(nonce: string, https: boolean): string {
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
    ...(https ? ["upgrade-insecure-requests"] : []),
  ].join("; ");
}

function withHeaders(response: NextResponse, policy: string, https: boolean): NextResponse {
  response.headers.set("Content-Security-Policy", policy);
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("X-Frame-Options", "DENY");
  response.headers.set("Referrer-Policy", "strict-origin-when-cross-origin");
  response.headers.set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
  response.headers.set("Cross-Origin-Opener-Policy", "same-origin");
  if (https) response.headers.set("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
  return response;
}

// Deliveries of up to 20 MB pass it by: Next would hold their whole body in memory here, and cut it at 10 MB.
export const config = {
  matcher: ["/((?!api/ingest/|_next/static|_next/image|icon|favicon|robots\\.txt|manifest|apple-icon).*)"],
};
