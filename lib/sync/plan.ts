import "server-only";
import { env } from "@/lib/base/env";
import { addDays, addHours, DAY_MS, HOUR_MS, startOfDay, startOfHour } from "@/lib/base/time";
import type { Granularity, Window } from "@/lib/openrouter/analytics";

export type Slice = Window & { granularity: Granularity };

/** OpenRouter answers hours for windows of up to 31 days and days for up to 365. */
const HOURLY_DAYS = 30;
const HISTORY_DAYS = 365;
/** Rows may arrive late: every sync reads this much again. */
const TRAILING_MS = 48 * HOUR_MS;

/** Processes' clocks may differ by as much. */
const CLOCKS_DIFFER_MS = HOUR_MS;

/** Where history begins (UTC): with the first of the 365 days that end today, or where retention ends sooner; what it deleted is not read again. */
export function oldestDay(now: Date): Date {
  const retention = env().USAGE_STATS_RETENTION_DAYS;
  return addDays(startOfDay(now), retention === 0 ? 1 - HISTORY_DAYS : Math.max(1 - HISTORY_DAYS, -retention));
}

/**
 * What to ask OpenRouter for, the newest first. The first time: a year, in days, and in hours for the last 30 days and today. Afterwards: from 48 hours before the
 * last success on. The hourly part starts at a UTC midnight, so that no day is half one and half the other. A last success in the future was noted by a clock that
 * was wrong, and says nothing of what has been read.
 */
export function planSlices(lastSyncedAt: Date | null, now: Date): Slice[] {
  const end = addHours(startOfHour(now), 1);
  const hourlyStart = addDays(startOfDay(now), -HOURLY_DAYS);
  const oldest = oldestDay(now);
  const isBelievable = lastSyncedAt !== null && lastSyncedAt.getTime() <= now.getTime() + CLOCKS_DIFFER_MS;
  const since = isBelievable ? startOfHour(new Date(lastSyncedAt.getTime() - TRAILING_MS)) : oldest;
  const start = new Date(Math.max(since.getTime(), oldest.getTime()));
  if (start >= hourlyStart) return [{ start, end, granularity: "hour" }];
  return [
    { start: hourlyStart, end, granularity: "hour" },
    { start: startOfDay(start), end: hourlyStart, granularity: "day" },
  ];
}

/** How many days of usage a slice is, begun ones too. */
export const daysIn = ({ start, end }: Window): number => Math.ceil((end.getTime() - start.getTime()) / DAY_MS);
