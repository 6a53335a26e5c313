import { serve } from "inngest/next";
import type { NextRequest } from "next/server";
import { inngestFunctions } from "@/inngest/functions";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { problem } from "@/lib/http/problem";
import { inngest, usesInngest } from "@/lib/jobs/inngest-client";

let handlers: ReturnType<typeof serve> | undefined;

/** Inngest's own protocol. The SDK checks the signature of every call; without Inngest there is nothing here. The settings say where we are, not the caller's Host header. */
function answer(method: "GET" | "POST" | "PUT") {
  return async (request: NextRequest, context: unknown): Promise<Response> => {
    if (!usesInngest()) return problem(new AppError("not_found", "Inngest is not configured here"), request);
    const serveOrigin = env().INNGEST_SERVE_ORIGIN ?? env().APP_URL;
    handlers ??= serve({ client: inngest(), functions: inngestFunctions(), ...(serveOrigin && { serveOrigin }) });
    return handlers[method](request, context);
  };
}

export const GET = answer("GET");
export const POST = answer("POST");
export const PUT = answer("PUT");
