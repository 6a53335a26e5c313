import "server-only";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { fairShare, type Release } from "@/lib/base/fair-share";

export type { Release };

const MEGABYTE = 1024 * 1024;
const BUSY = "Too many deliveries at once; please send this one again";
/** OpenRouter has a queue of its own: it sends again what was refused. */
const QUEUE = { mostWaiting: 200, waitMs: 15_000, detail: BUSY };

/** Bytes of bodies that this process holds at once; parsed, they take a few times as much memory. One team may hold one body of the largest size. */
const bytes = () => fairShare("broadcast bytes", () => ({ ...QUEUE, total: 48 * MEGABYTE, perTeam: 20 * MEGABYTE }));

/** Deliveries that are being received: each may hold a little memory and a socket, however slowly it comes. */
const deliveries = () => fairShare("broadcast deliveries", () => ({ ...QUEUE, total: 600, perTeam: 100 }));

/** Those that are being written. Those of one team wait for each other in the database, where each would hold a connection meanwhile. */
const writes = () =>
  fairShare("broadcast writes", () => {
    const pool = env().DATABASE_POOL;
    return { ...QUEUE, total: Math.ceil(pool * 0.7), perTeam: Math.ceil(pool * 0.3) };
  });

/** Waits until so many bytes fit beside the others and answers how to give them back. Errors: 503 after too long, 400 when the caller is gone. */
export function reserveBytes(teamId: number, amount: number, signal: AbortSignal): Promise<Release> {
  return bytes()
    .take(teamId, amount, signal)
    .catch((error: unknown) => {
      throw error instanceof AppError ? error : new AppError("bad_request", "The body could not be read to its end");
    });
}

/** Receives a team's delivery beside those of others. 503 when too many of the team come at once. */
export const receiving = <T>(teamId: number, work: () => Promise<T>): Promise<T> => deliveries().during(teamId, work);

/** Writes a team's delivery beside those of others. */
export const writing = <T>(teamId: number, work: () => Promise<T>): Promise<T> => writes().during(teamId, work);
