import "server-only";
import {
  type Answer,
  type Granularity,
  LIMIT,
  type Query,
  queryOnce,
  STEP_MS,
  type Truncated,
  type Window,
} from "./analytics";
import type { Call } from "./client";

/** A row that cannot be read may be a passing fault, so the question is put twice more before the rest is taken without it. */
const TRIES = 3;
/** Answers are aimed at this many rows, so that uneven traffic rarely truncates one. */
const AIM = LIMIT * 0.9;
/** A quiet night says little about the day before: the next piece is at most so many times as long. */
const MOST_GROWTH = 8;

/** An answer and the window that it answers whole; `null` for a single bucket that OpenRouter truncates even alone. */
export type Piece<A = Answer> = { window: Window; answer: A | null };

/**
 * Asks for a window in pieces, the newest first. The first question is for the whole of it; a truncated answer is put aside, and the pieces that follow
 * are as long as its density lets them be, so that requests follow rows.
 */
export async function* inPieces<A extends { rows: readonly unknown[] }>(
  whole: Window,
  granularity: Granularity,
  askFor: (window: Window) => Promise<A | Truncated>,
): AsyncGenerator<Piece<A>> {
  const step = STEP_MS[granularity];
  let span = Math.ceil((whole.end.getTime() - whole.start.getTime()) / step);
  for (let end = whole.end; end > whole.start; ) {
    const window = { start: new Date(Math.max(whole.start.getTime(), end.getTime() - span * step)), end };
    const answer = await askFor(window);
    if ("truncated" in answer && span > 1) {
      // Grouped by time, the answer ends at its tenth thousand row: it tells how many buckets fit. Otherwise all buckets are in it.
      span = answer.buckets < span ? Math.max(1, Math.floor(answer.buckets * 0.9)) : Math.ceil(span / 2);
      continue;
    }
    yield { window, answer: "truncated" in answer ? null : answer };
    end = window.start;
    const rows = "truncated" in answer ? LIMIT : answer.rows.length;
    span = Math.max(1, Math.min(Math.floor((span * AIM) / Math.max(1, rows)), span * MOST_GROWTH));
  }
}

/** `POST /analytics/query` over a whole window, in pieces. */
export const queryPieces = (secret: string, query: Query, whole: Window, call: Call): AsyncGenerator<Piece> =>
  inPieces(whole, query.granularity, (window) => queryReadable(secret, query, window, call));

/** Adds an answer to another; the earlier time of a cache counts. */
export function addAnswer(all: Answer, answer: Answer): void {
  for (const row of answer.rows) all.rows.push(row);
  all.unreadable.push(...answer.unreadable);
  all.warnings.push(...answer.warnings);
  if (answer.cachedAt && (!all.cachedAt || answer.cachedAt < all.cachedAt)) all.cachedAt = answer.cachedAt;
}

async function queryReadable(secret: string, query: Query, window: Window, call: Call) {
  for (let attempt = 1; ; attempt++) {
    const answer = await queryOnce(secret, query, window, call);
    if ("truncated" in answer || answer.unreadable.length === 0 || attempt === TRIES) return answer;
  }
}
