import "server-only";
import { setTimeout as sleep } from "node:timers/promises";

/** OpenRouter's analytics allow 64 requests a minute and account (its own analytics skill says so). */
export const REQUESTS_PER_MINUTE = 64;
const WINDOW_MS = 60_000;

/** Start times of the last calls, per account; a call waits until fewer than 64 lie within the minute before it. */
const started = new Map<string, number[]>();

/** Waits for a turn under a name. The lease on an account keeps other processes from spending the same minute. */
export async function takeTurn(name: string, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const now = performance.now();
    const recent = (started.get(name) ?? []).filter((time) => time > now - WINDOW_MS);
    const oldest = recent[recent.length - REQUESTS_PER_MINUTE];
    if (oldest === undefined) {
      recent.push(now);
      started.set(name, recent);
      return;
    }
    await sleep(oldest + WINDOW_MS - now + 1, undefined, { signal });
  }
}

/** Forgets all turns: for tests that count them. */
export const forgetTurns = (): void => started.clear();
