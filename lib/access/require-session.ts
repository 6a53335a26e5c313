import "server-only";
import { AppError } from "@/lib/base/errors";
import { addressOf } from "./ip-address";
import { viewerOfSession } from "./session-viewer";
import { API_TOKEN_PREFIX } from "./token-format";
import type { Viewer } from "./viewer";

/** The bearer credential of a request, or null. */
export function bearerOf(request: Request): string | null {
  return /^Bearer +([^\s,]+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
}

/** The viewer of a JSON request for programs (session JWT as bearer; cookies are not looked at). 401 otherwise. */
export async function requireSession(request: Request): Promise<Viewer> {
  const bearer = bearerOf(request);
  if (!bearer)
    throw new AppError("unauthorized", "A session token is required: send Authorization: Bearer <access_token>");
  if (bearer.startsWith(API_TOKEN_PREFIX)) {
    throw new AppError("unauthorized", "This route needs a session token from POST /api/auth/login, not an API token");
  }
  const viewer = await viewerOfSession(bearer, addressOf(request.headers));
  if (!viewer) throw new AppError("unauthorized", "The session token is not valid or the session has ended");
  return viewer;
}
