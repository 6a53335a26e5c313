import "server-only";
import { addDays, startOfDay } from "@/lib/base/time";
import { emptyAnswer, type Window } from "@/lib/openrouter/analytics";
import { addAnswer } from "@/lib/openrouter/analytics-pages";
import { type Asking, ask, askPieces } from "./asking";
import type { Reading } from "./attribution";
import type { Slice } from "./plan";
import { attributeByName, readChapter, type Whole } from "./read-chapter";
import type { ListedKey } from "./roster";
import { askBucketByModel } from "./split-by-model";

/** So many rows are split and booked at a time: memory stays the same however large the account is. */
const CHAPTER_ROWS = 20_000;

const WHOLE = ["api_key_id", "model"];

/**
 * A slice of an account's usage in chapters, the newest first. The undivided answer (key and model) is read first; each chapter of it is then refined
 * by key and provider. `isFirst`: what stands on the page at once is more than waiting for the refinement, so the undivided sums come before it.
 */
export async function* readUsage(
  asking: Asking,
  accountId: number,
  keys: readonly ListedKey[],
  slice: Slice,
  isFirst: boolean,
): AsyncGenerator<Reading> {
  let isNew = isFirst;
  let hasMonth = false;
  let chapter = emptyChapter();
  let end = slice.end;
  for await (const piece of askPieces(asking, { dimensions: WHOLE, granularity: slice.granularity }, slice)) {
    if (isNew && piece.window.start > slice.start) {
      yield await readMonth(asking, accountId, keys, slice);
      [hasMonth, isNew] = [true, false];
    }
    if (piece.answer) addAnswer(chapter, piece.answer);
    else chapter.unsplit += await addBucket(asking, chapter, { ...piece.window, granularity: slice.granularity });
    const { start } = piece.window;
    if (start > slice.start && chapter.rows.length < CHAPTER_ROWS) continue;
    const window = { start, end, granularity: slice.granularity };
    if (isNew) yield attributeByName(accountId, keys, window, chapter);
    const reading = await readChapter(asking, accountId, keys, window, chapter);
    yield hasMonth ? { ...reading, slice: fromMidnight(window, slice) } : reading;
    [chapter, end, isNew] = [emptyChapter(), start, false];
  }
}

/** A day that stood as a whole gives way to its hours, also while its first ones are still to come: it is never counted twice. */
const fromMidnight = (window: Slice, slice: Slice): Slice => ({
  ...window,
  start: new Date(Math.max(startOfDay(window.start).getTime(), slice.start.getTime())),
});

const emptyChapter = (): Whole => ({ ...emptyAnswer(), unsplit: 0 });

async function addBucket(asking: Asking, chapter: Whole, slice: Slice): Promise<number> {
  const { unsplit, ...answer } = await askBucketByModel(asking, slice);
  addAnswer(chapter, answer);
  return unsplit;
}

/** This month by whole days, for an account whose hours take many requests: its sums come within seconds, its hours replace them. */
async function readMonth(
  asking: Asking,
  accountId: number,
  keys: readonly ListedKey[],
  slice: Slice,
): Promise<Reading> {
  const { now } = asking;
  const monthStart = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  const window: Window = {
    start: new Date(Math.max(monthStart.getTime(), slice.start.getTime())),
    end: addDays(startOfDay(now), 1),
  };
  const answer = await ask(asking, { dimensions: WHOLE, granularity: "day" }, window);
  return attributeByName(accountId, keys, { ...window, granularity: "day" }, { ...answer, unsplit: 0 });
}
