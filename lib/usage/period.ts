import { AppError } from "@/lib/errors";
import { daysBetween, isoDateIn, shiftDate } from "@/lib/time";

/** Whole calendar days of a timezone, both ends counted. */
export type Period = { start_date: string; end_date: string; days: number; timezone: string };

const DEFAULT_DAYS = 30;
export const MAX_DAYS = 365;

type Asked = { days?: number; start_date?: string; end_date?: string; timezone?: string };

/**
 * The period that a query means: the 30 (or `days`) days ending today in its timezone, unless it names dates. An end alone means the days
 * up to it, a start alone the days since. Refused with 422: days beside dates, a start after the end, more than 365 days.
 */
export function periodOf(asked: Asked, now = new Date()): Period {
  const { timezone = "UTC", days, start_date, end_date } = asked;
  if (days !== undefined && (start_date ?? end_date) !== undefined) {
    throw refused("days", "goes without start_date and end_date");
  }
  const end = end_date ?? isoDateIn(now, timezone);
  const start = start_date ?? shiftDate(end, 1 - (days ?? DEFAULT_DAYS));
  const period = selectedPeriod({ start_date: start, end_date: end, timezone });
  if (period.days > MAX_DAYS) throw refused("start_date", `may be at most ${MAX_DAYS} days before end_date`);
  return period;
}

/** Days that were named by their dates, as many as anybody likes. */
export function selectedPeriod(asked: { start_date: string; end_date: string; timezone?: string }): Period {
  const { start_date, end_date, timezone = "UTC" } = asked;
  if (start_date > end_date) throw refused("start_date", "must not be after end_date");
  return { start_date, end_date, days: daysBetween(start_date, end_date), timezone };
}

/** The equally long period right before. */
export const periodBefore = ({ start_date, days, timezone }: Period): Period => ({
  start_date: shiftDate(start_date, -days),
  end_date: shiftDate(start_date, -1),
  days,
  timezone,
});

/** Every date of a period, in order. */
export const datesOf = ({ start_date, days }: Period): string[] =>
  Array.from({ length: days }, (_, index) => shiftDate(start_date, index));

function refused(field: string, message: string): AppError {
  return new AppError("unprocessable", `${field} ${message}`, { errors: [{ field, message }] });
}
