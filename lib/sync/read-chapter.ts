import "server-only";
import type { AnalyticsRow, Answer } from "@/lib/openrouter/analytics";
import { UpstreamError } from "@/lib/openrouter/errors";
import { type Asking, ask } from "./asking";
import {
  attributionOf,
  cellOf,
  isRecent,
  nameOf,
  ownNamed,
  provenCells,
  type Reading,
  unreadableCells,
} from "./attribution";
import { type Cell, compareCells, rowsOf } from "./cells";
import type { Slice } from "./plan";
import { planSplit } from "./plan-split";
import type { ListedKey } from "./roster";
import { settleShared } from "./settle-shared";
import { askByKey, hasProviders, type OwnedRow } from "./split-by-key";
import { askByModel, modelsOf } from "./split-by-model";

/** An undivided answer: what each key, by its name, spent on each model. `unsplit` as in `Reading`. */
export type Whole = Answer & { unsplit: number };

/** The undivided sums by the keys' names alone; a name that may mean several is nobody's for now. */
export function attributeByName(accountId: number, keys: readonly ListedKey[], slice: Slice, whole: Whole): Reading {
  const attribution = attributionOf(accountId, keys, slice);
  return {
    slice,
    rows: ownNamed(attribution, whole.rows),
    failures: new Map(),
    rejected: whole.unreadable.length,
    unreadable: unreadableCells(attribution, whole.unreadable),
    proven: [],
    unsplit: 0,
    isFinal: false,
  };
}

/**
 * A chapter's sums, refined: by key where a name may mean several, by provider where OpenRouter keeps it. Few requests: either each key is asked by its
 * hash, or each model once for all keys, whichever is fewer, because provider makes a third dimension and OpenRouter takes two.
 */
export async function readChapter(
  asking: Asking,
  accountId: number,
  keys: readonly ListedKey[],
  slice: Slice,
  told: Whole,
): Promise<Reading> {
  const { whole, proven } = await fillUnreadable(asking, slice, told);
  const attribution = attributionOf(accountId, keys, slice);
  const { asked, isByKey } = await planSplit(asking, attribution, whole.rows);
  const isAsked = (row: AnalyticsRow) => asked.has(nameOf(row));
  const byKey = await askByKey(
    asking,
    [...asked].flatMap((name) => attribution.owners.get(name)?.live ?? []),
    slice,
    "provider",
  );
  const isByModel = !isByKey && hasProviders(asking, slice);
  const byModel = isByModel ? await askByModel(asking, modelsOf(whole.rows), slice, ["api_key_id", "provider"]) : [];
  const cells = await compareAgain(asking, slice, whole, [...byModel.filter((row) => !isAsked(row)), ...byKey.rows]);
  const named = cells.filter((cell) => !isAsked(cell.whole));
  const shared = cells.filter((cell) => isAsked(cell.whole)) as Cell<OwnedRow>[];
  const settled = await settleShared(asking, attribution, shared, byKey);
  const isUnsplit = ({ rest }: Cell<AnalyticsRow>) => rest?.model != null && !isRecent(asking.now, rest);
  return {
    slice,
    rows: [...ownNamed(attribution, named.flatMap(rowsOf)), ...settled.rows],
    failures: byKey.failures,
    rejected: told.unreadable.length,
    unreadable: unreadableCells(attribution, whole.unreadable),
    proven: provenCells(attribution, proven),
    isFinal: true,
    unsplit: whole.unsplit + settled.unsplit + (isByModel ? named.filter(isUnsplit).length : 0),
  };
}

/**
 * What rows that cannot be read amount to: the keys are asked for undivided, and what their readable rows leave of it has no model. Where that cannot be
 * read either, the rows stay unreadable.
 */
async function fillUnreadable(
  asking: Asking,
  slice: Slice,
  whole: Whole,
): Promise<{ whole: Whole; proven: AnalyticsRow[] }> {
  if (whole.unreadable.length === 0) return { whole, proven: [] };
  try {
    const undivided = await ask(asking, { dimensions: ["api_key_id"], granularity: slice.granularity }, slice);
    const ofKey = ({ hour, keyName }: AnalyticsRow) => `${hour.getTime()} ${keyName}`;
    const cells = compareCells(undivided.rows, whole.rows, ofKey);
    const rows = cells.flatMap(rowsOf);
    const proven = cells.filter(({ rest }) => rest === null).map((cell) => cell.whole);
    return { whole: { ...whole, rows, unreadable: undivided.unreadable }, proven };
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.reason === "unauthorized") throw error;
    return { whole, proven: [] };
  }
}

/** Parts that were asked later may know requests that the whole does not: then its newest hours are asked again. */
async function compareAgain(
  asking: Asking,
  { end, granularity }: Slice,
  whole: Whole,
  parts: AnalyticsRow[],
): Promise<Cell<AnalyticsRow>[]> {
  const cells = compareCells(whole.rows, parts, cellOf);
  const grown = cells.filter((cell) => cell.isExceeded && isRecent(asking.now, cell.whole));
  if (grown.length === 0 || granularity === "day") return cells;
  const start = new Date(Math.min(...grown.map((cell) => cell.whole.hour.getTime())));
  const newer = await ask(asking, { dimensions: ["api_key_id", "model"], granularity }, { start, end });
  whole.unreadable.push(...newer.unreadable);
  return compareCells([...whole.rows.filter(({ hour }) => hour < start), ...newer.rows], parts, cellOf);
}
