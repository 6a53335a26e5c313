import { AppError } from "@/lib/base/errors";
import { DAY_MS, daysBetween, isoDateIn, shiftDate } from "@/lib/base/time";
import { isWithin, MOST_DAYS_BACK } from "./bounds";

/**
 * Whole calendar days of a timezone, both ends counted. `whole_hours` is false where the timezone's offset from UTC is not a whole number of hours on
 * some of them: then a UTC hour, the grain of usage, may straddle midnight (see `split-hours.ts`).
 */
export type Period = { start_date: string; end_date: string; days: number; timezone: string; whole_hours: boolean };

const DEFAULT_DAYS = 30;

type Asked = { days?: number; start_date?: string; end_date?: string; timezone?: string };

/**
 * The period that a query means: the 30 (or `days`) days ending today in its timezone, unless it names dates. An end alone means the days
 * up to it, a start alone the days since. Refused with 422: days beside dates, a start after the end or more than 365 days before it.
 */
export function periodOf(asked: Asked, now = new Date()): Period {
  const { timezone = "UTC", days, start_date, end_date } = asked;
  if (days !== undefined && (start_date ?? end_date) !== undefined) {
    throw refused("days", "goes without start_date and end_date");
  }
  const end = end_date ?? isoDateIn(now, timezone);
  const start = start_date ?? shiftDate(end, 1 - (days ?? DEFAULT_DAYS));
  const period = selectedPeriod({ start_date: start, end_date: end, timezone });
  if (!isWithin(start, end)) throw refused("start_date", `may be at most ${MOST_DAYS_BACK} days before end_date`);
  return period;
}

/** Days that were named by their dates, as many as anybody likes. */
export function selectedPeriod(asked: { start_date: string; end_date: string; timezone?: string }): Period {
  const { start_date, end_date, timezone = "UTC" } = asked;
  if (start_date > end_date) throw refused("start_date", "must not be after end_date");
  return period(start_date, daysBetween(start_date, end_date), timezone);
}

/** The equally long period right before. */
export const periodBefore = ({ start_date, days, timezone }: Period): Period =>
  period(shiftDate(start_date, -days), days, timezone);

/** Every date of a period, in order. */
export const datesOf = ({ start_date, days }: Period): string[] =>
  Array.from({ length: days }, (_, index) => shiftDate(start_date, index));

const period = (start_date: string, days: number, timezone: string): Period => ({
  start_date,
  end_date: shiftDate(start_date, days - 1),
  days,
  timezone,
  whole_hours: hasWholeHours(start_date, days, timezone),
});

const MOST_PROBES = 400;

/** Looks at each midnight (UTC), or at evenly spread ones of a period longer than any that can be read whole: clocks change for months at a time. */
function hasWholeHours(start: string, days: number, timezone: string): boolean {
  if (timezone === "UTC") return true;
  const minute = new Intl.DateTimeFormat("en", { timeZone: timezone, minute: "numeric" });
  const step = Math.ceil(days / MOST_PROBES) * DAY_MS;
  const first = Date.parse(`${start}T00:00:00Z`) - DAY_MS;
  const probes = Math.ceil((days + 2) * (DAY_MS / step)) + 1;
  return Array.from({ length: probes }, (_, index) => first + index * step).every(
    (time) => minute.format(time) === "0",
  );
}

/** A 422 for one field of a query. */
export function refused(field: string, message: string): AppError {
  return new AppError("unprocessable", `${field} ${message}`, { errors: [{ field, message }] });
}
