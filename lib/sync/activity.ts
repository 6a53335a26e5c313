import "server-only";
import { concurrently } from "@/lib/base/concurrently";
import { addDays, startOfDay } from "@/lib/base/time";
import { modelIdOf, readModelNames } from "@/lib/models/names";
import { ACTIVITY_DAYS, readActivity } from "@/lib/openrouter/activity";
import type { AnalyticsRow, Answer } from "@/lib/openrouter/analytics";
import type { Call } from "@/lib/openrouter/client";
import { UpstreamError } from "@/lib/openrouter/errors";
import { bookUsage, type UnreadableCell, type UsageRow } from "@/lib/usage/write/ingest-usage";
import { toUsage } from "./attribution";
import { compareCells } from "./cells";
import { allocate, type Claim, readClaims } from "./claims";
import type { ListedKey } from "./roster";
import type { OwnedRow } from "./split-by-key";
import type { AccountSync, SyncOutcome } from "./unit";

const WIDTH = 4;

/**
 * The fall-back where analytics are refused: `GET /activity`, days instead of hours, the last 30 completed ones. The account is asked as a whole and key by
 * key; what the keys do not explain is the account's own. Only days that OpenRouter has reported are replaced.
 */
export async function bookActivity(
  account: AccountSync,
  keys: readonly ListedKey[],
  call: Call,
  outcome: SyncOutcome,
): Promise<void> {
  const models = await readModelNames();
  const readDays = async (hash: string | null): Promise<Answer> => {
    const answer = await readActivity(account.secret, hash, account.now, call);
    for (const row of answer.rows) row.model = modelIdOf(models, row.model);
    return answer;
  };
  const whole = await readDays(null);
  const parts: OwnedRow[] = [];
  const asked = keys.filter((key) => !key.isDeleted);
  await concurrently(asked, WIDTH, async (key) => {
    try {
      for (const row of (await readDays(key.hash)).rows) parts.push({ ...row, apiKeyId: key.id });
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.reason === "unauthorized") throw error;
      if (key.isActive) outcome.failures.set(key.id, error.message);
    }
  });
  outcome.rowsRejected += whole.unreadable.length;
  const cells = compareCells(whole.rows, parts, cellOf);
  const booked = await readBookedOfDeleted(account, keys);
  const rows = cells.flatMap(({ parts: own, rest }) => {
    const left = rest && allocate(rest, booked.get(cellOf(rest)) ?? []).left;
    return [...own.map((part) => toUsage(part, part.apiKeyId)), ...(left ? [toUsage(left, account.accountId)] : [])];
  });
  // Keys that are switched off here are left as they are, and keys that could not be asked keep what they have.
  const known = asked.filter((key) => key.isActive && !outcome.failures.has(key.id)).map((key) => key.id);
  const ids = outcome.failures.size > 0 ? known : [...known, account.accountId];
  const unreadable = whole.unreadable.map(({ hour }) => ({ apiKeyIds: null, hour }));
  for (const start of daysOf(whole.rows)) outcome.rowsWritten += await bookDay(account, ids, start, rows, unreadable);
}

const cellOf = ({ hour, model, provider }: AnalyticsRow): string => `${hour.getTime()} ${model} ${provider}`;

/** What stands booked for keys that are no longer listed: it stays theirs, and is not the account's own. */
async function readBookedOfDeleted({ now }: AccountSync, keys: readonly ListedKey[]): Promise<Map<string, Claim[]>> {
  const ids = keys.filter((key) => key.isDeleted).map((key) => key.id);
  const today = startOfDay(now);
  const byCell = new Map<string, Claim[]>();
  for (const claim of await readClaims(ids, { start: addDays(today, -ACTIVITY_DAYS), end: today })) {
    const cell = cellOf({ ...claim, hour: startOfDay(claim.hour) });
    byCell.set(cell, [...(byCell.get(cell) ?? []), claim]);
  }
  return byCell;
}

const daysOf = (rows: readonly AnalyticsRow[]): Date[] =>
  [...new Set(rows.map(({ hour }) => hour.getTime()))].sort((a, b) => b - a).map((time) => new Date(time));

const bookDay = (account: AccountSync, ids: number[], start: Date, rows: UsageRow[], unreadable: UnreadableCell[]) =>
  bookUsage({
    teamId: account.teamId,
    apiKeyIds: ids,
    start,
    end: addDays(start, 1),
    granularity: "day",
    source: "activity",
    rows: rows.filter((row) => row.hour.getTime() === start.getTime() && ids.includes(row.apiKeyId)),
    isComplete: true,
    unreadable,
  });
