import { serve } from "inngest/next";
import { NextRequest } from "next/server";
import { inngestFunctions } from "@/inngest/functions";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { problem } from "@/lib/http/problem";
import { withBodyRead } from "@/lib/http/read-body";
import { inngest, usesInngest } from "@/lib/queue/inngest-client";

let handlers: ReturnType<typeof serve> | undefined;

/** What the events of a run of ours take, many times over. The SDK has read it before it knows who sent it. */
const LIMITS = { most: 4 * 1024 * 1024, withinMs: 30_000 };

/** Inngest's own protocol. The SDK checks the signature of every call; without Inngest there is nothing here. The settings say where we are, not the caller's Host header. */
function answer(method: "GET" | "POST" | "PUT") {
  return async (request: NextRequest, context: unknown): Promise<Response> => {
    if (!usesInngest()) return problem(new AppError("not_found", "Inngest is not configured here"), request);
    const serveOrigin = env().INNGEST_SERVE_ORIGIN ?? env().APP_URL;
    handlers ??= serve({ client: inngest(), functions: inngestFunctions(), ...(serveOrigin && { serveOrigin }) });
    const read = await withBodyRead(request, LIMITS).catch((error: unknown) => problem(error, request));
    return read instanceof Response ? read : handlers[method](new NextRequest(read), context);
  };
}

export const GET = answer("GET");
export const POST = answer("POST");
export const PUT = answer("PUT");
