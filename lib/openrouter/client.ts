import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { env } from "@/lib/base/env";
import { errorOfStatus, UpstreamError } from "./errors";
import { LONGEST_WAIT_MS, pauseTurns, takeTurn } from "./pace";

export type Call = {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** How often a passing failure is tried again; 0 where a person waits for the answer. */
  retries?: number;
  /** Analytics of one account share OpenRouter's limit of 64 a minute and wait for their turn under this name. */
  pace?: string;
  signal?: AbortSignal;
};

/** An answer larger than this is not one of OpenRouter's. */
const MAX_BYTES = 64 * 1024 * 1024;
const BACK_OFF_MS = 500;

/**
 * The only code that calls OpenRouter; a null secret asks what is public. Answers parsed JSON; throws UpstreamError. Passing failures (429, 5xx, time-outs, resets, HTML,
 * broken JSON) are tried again with jittered exponential back-off, after `Retry-After` where one is given.
 */
export async function callOpenRouter(secret: string | null, path: string, call: Call = {}): Promise<unknown> {
  const retries = call.retries ?? 3;
  for (let attempt = 0; ; attempt++) {
    call.signal?.throwIfAborted();
    if (call.pace) await takeTurn(call.pace, call.signal);
    try {
      return await callOnce(secret, path, call);
    } catch (error) {
      if (!(error instanceof UpstreamError) || !error.isPassing) throw error;
      if (call.pace && error.retryAfterMs !== null) await pauseTurns(call.pace, error.retryAfterMs);
      if (attempt >= retries) throw error;
      const backOff = BACK_OFF_MS * 2 ** attempt * (0.5 + Math.random());
      const wait = Math.max(backOff, error.retryAfterMs ?? 0);
      if (wait > LONGEST_WAIT_MS) throw error;
      await sleep(wait, undefined, { signal: call.signal });
    }
  }
}

async function callOnce(secret: string | null, path: string, call: Call): Promise<unknown> {
  const url = new URL(env().OPENROUTER_API_URL + path);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const timeout = AbortSignal.timeout(env().OPENROUTER_TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      method: call.method ?? "GET",
      headers: {
        ...(secret !== null && { Authorization: `Bearer ${secret}` }),
        Accept: "application/json",
        ...(call.body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      signal: call.signal ? AbortSignal.any([timeout, call.signal]) : timeout,
      // A redirect could carry the key to another host.
      redirect: "error",
      cache: "no-store",
    });
    return await readAnswer(response);
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    call.signal?.throwIfAborted();
    if (timeout.aborted) {
      throw new UpstreamError("timeout", `OpenRouter did not answer within ${env().OPENROUTER_TIMEOUT_MS / 1000} s`);
    }
    throw new UpstreamError("network", `OpenRouter cannot be reached (${causeOf(error)})`);
  }
}

async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text.length > MAX_BYTES)
    throw new UpstreamError("malformed", "OpenRouter's answer is too large", response.status);
  let body: unknown = null;
  let broken = false;
  try {
    body = JSON.parse(text);
  } catch {
    broken = true;
  }
  if (!response.ok) throw errorOfStatus(response.status, body, response.headers.get("retry-after"));
  if (broken) throw new UpstreamError("malformed", "OpenRouter's answer is not valid JSON", response.status);
  return body;
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const { code, message } = cause as { code?: unknown; message?: unknown };
  return typeof code === "string" ? code : String(message ?? "network failure");
}
