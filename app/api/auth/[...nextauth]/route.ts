import type { NextRequest } from "next/server";
import { handlers } from "@/lib/auth/auth";
import { AppError } from "@/lib/errors";
import { problem } from "@/lib/http/problem";

/** Signing in at other services needs these; sessions and signing out have doors of their own, which know about session rows. */
const NEEDED = /^\/api\/auth\/(csrf|providers|signin(\/[\w-]+)?|callback\/[\w-]+)$/;

const through = (handler: (request: NextRequest) => Promise<Response>) => async (request: NextRequest) =>
  NEEDED.test(request.nextUrl.pathname)
    ? handler(request)
    : problem(new AppError("not_found", "There is no such route; see /openapi.json"), request);

export const GET = through(handlers.GET);
export const POST = through(handlers.POST);
