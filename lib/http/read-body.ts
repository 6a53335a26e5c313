import "server-only";
import { AppError } from "@/lib/base/errors";

/** `most`: bytes as they arrive. `withinMs`: how long the sender may take; the time that we ourselves keep it waiting does not count. */
export type BodyLimits = { most: number; withinMs: number };

/** What forms and JSON of people and programs may take. */
export const MAX_BODY = 64 * 1024;
export const BODY_MS = 10_000;

export const tooLarge = (most: number): AppError => new AppError("too_large", `The body is larger than ${most} bytes`);
const tooSlow = (): AppError => new AppError("request_timeout", "The body took too long to arrive");
const brokenOff = (): AppError => new AppError("bad_request", "The body could not be read to its end");

/** Requests whose body was begun and not read to its end. */
const halfRead = new WeakSet<Request>();

/** Whether the rest of the body stands before the next request of the connection, which therefore must end with the answer. */
export const isHalfRead = (request: Request): boolean => halfRead.has(request);

/**
 * A request's body, piece by piece. A body that is refused is let go of rather than cancelled: cancelling would close the socket before the
 * answer is on it. Errors: 413 for a larger body, 408 for a slower one, 400 for one that breaks off.
 */
export async function* bodyChunks(request: Request, { most, withinMs }: BodyLimits): AsyncGenerator<Uint8Array> {
  if (!request.body) return;
  halfRead.add(request);
  if (Number(request.headers.get("content-length") ?? 0) > most) throw tooLarge(most);
  const reader = request.body.getReader();
  let msLeft = withinMs;
  let size = 0;
  try {
    while (true) {
      const begun = performance.now();
      const { done, value } = await inTime(reader.read(), msLeft);
      msLeft -= performance.now() - begun;
      if (done) {
        halfRead.delete(request);
        return;
      }
      size += value.byteLength;
      if (size > most) throw tooLarge(most);
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

/** The whole body in memory, within the limits. */
export async function readBody(request: Request, limits: BodyLimits): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodyChunks(request, limits)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The same request with its body in memory, for code that would read it without a limit. */
export async function withBodyRead(request: Request, limits: BodyLimits, url = request.url): Promise<Request> {
  const { method, headers, signal } = request;
  const body = request.body ? await readBody(request, limits) : null;
  return new Request(url, { method, headers, signal, ...(body && { body }) });
}

async function inTime<T>(read: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), Math.max(0, ms));
  });
  try {
    return await Promise.race([
      read.catch(() => {
        throw brokenOff();
      }),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
