import "server-only";
import { AppError } from "@/lib/errors";

/** Bytes of bodies that this process holds at once; parsed, they take a few times as much memory. */
const BUDGET = 48 * 1024 * 1024;
/** Beyond so many waiting, callers are told to come again: OpenRouter has a queue of its own. */
const MOST_WAITING = 200;

type Waiting = { bytes: number; start: () => void };

let held = 0;
let waiting: Waiting[] = [];

/** Waits until so many bytes fit beside the others, in the order of asking, and answers how to give them back. 503 when too many wait. */
export async function reserveBytes(bytes: number, signal?: AbortSignal): Promise<() => void> {
  if (waiting.length >= MOST_WAITING) {
    throw new AppError("unavailable", "Too many deliveries at once; please send this one again", {
      retryAfterSeconds: 5,
    });
  }
  if (waiting.length > 0 || held + bytes > BUDGET) await turn(bytes, signal);
  else held += bytes;
  let released = false;
  return () => {
    if (released) return;
    released = true;
    held -= bytes;
    admit();
  };
}

function turn(bytes: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const entry: Waiting = { bytes, start: resolve };
    waiting.push(entry);
    signal?.addEventListener("abort", () => {
      if (!waiting.includes(entry)) return;
      waiting = waiting.filter((other) => other !== entry);
      reject(new AppError("bad_request", "The body could not be read to its end"));
      admit();
    });
  });
}

function admit(): void {
  for (let next = waiting[0]; next && held + next.bytes <= BUDGET; next = waiting[0]) {
    waiting.shift();
    held += next.bytes;
    next.start();
  }
}
