import { NextRequest } from "next/server";
import { handlers } from "@/lib/auth/auth";
import { AppError } from "@/lib/base/errors";
import { pageOrigin } from "@/lib/base/origin";
import { problem } from "@/lib/http/problem";
import { BODY_MS, MAX_BODY, withBodyRead } from "@/lib/http/read-body";

/** Signing in at other services needs these; sessions and signing out have doors of their own, which know about session rows. */
const NEEDED = /^\/api\/auth\/(csrf|providers|signin(\/[\w-]+)?|callback\/[\w-]+)$/;

/** Auth.js reads whatever body comes, before it knows whether it wants it: so it gets one that was read within our limits. */
const through = (handler: (request: NextRequest) => Promise<Response>) => async (request: NextRequest) => {
  const { pathname, search } = request.nextUrl;
  if (!NEEDED.test(pathname))
    return problem(new AppError("not_found", "There is no such route; see /openapi.json"), request);
  // Next names the address that it listens on; the service must be told the same one at the end as at the beginning.
  const url = new URL(pathname + search, await pageOrigin());
  const limits = { most: MAX_BODY, withinMs: BODY_MS };
  const read = await withBodyRead(request, limits, url.href).catch((error: unknown) => problem(error, request));
  return read instanceof Response ? read : handler(new NextRequest(read));
};

export const GET = through(handlers.GET);
export const POST = through(handlers.POST);
