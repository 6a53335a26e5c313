import "server-only";
import { env } from "@/lib/base/env";
import { fairShare, type Release } from "@/lib/base/fair-share";

/** Whoever reads nothing for so long has gone, or will never be done. */
const IDLE_MS = 60_000;

/** Each export holds a connection to the database until it is read to its end: half of them stay free for everything else. */
const exportsAtOnce = () =>
  fairShare("exports", () => ({
    total: Math.ceil(env().DATABASE_POOL / 2),
    perTeam: Math.ceil(env().DATABASE_POOL / 5),
    mostWaiting: 20,
    waitMs: 15_000,
    detail: "Too many exports at once; please try again",
  }));

/** The same rows, once it is the team's turn to export; 503 when that takes too long. Rows that nobody reads are let go of. */
export async function inTurn<T>(
  teamId: number,
  rows: AsyncIterable<T>,
  idleMs: number = IDLE_MS,
): Promise<AsyncIterable<T>> {
  return watched(rows, await exportsAtOnce().take(teamId), idleMs);
}

function watched<T>(rows: AsyncIterable<T>, release: Release, idleMs: number): AsyncIterable<T> {
  const source = rows[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  let hasEnded = false;
  const end = async () => {
    clearTimeout(timer);
    if (hasEnded) return;
    hasEnded = true;
    try {
      await source.return?.();
    } finally {
      release();
    }
  };
  const waitForReader = () => {
    timer = setTimeout(() => void end(), idleMs);
    timer.unref();
  };
  waitForReader();
  const next = async (): Promise<IteratorResult<T>> => {
    clearTimeout(timer);
    if (hasEnded) throw new Error("Nobody read on, so the export was broken off");
    try {
      const result = await source.next();
      if (result.done) await end();
      else waitForReader();
      return result;
    } catch (error) {
      await end();
      throw error;
    }
  };
  const leave = async (): Promise<IteratorResult<T>> => {
    await end();
    return { done: true, value: undefined };
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: leave }) };
}
