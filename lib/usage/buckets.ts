import { DAY_MS, HOUR_MS, shiftDate } from "@/lib/time";
import { datesOf, type Period } from "./period";

export type Interval = "hour" | "day" | "week" | "month";

const MONDAY_OFFSET = 3; // 1970-01-01 was a Thursday.

/** The first day of the bucket that a date falls into, as PostgreSQL's date_trunc has it: weeks begin on Monday. */
export function bucketOf(date: string, interval: Exclude<Interval, "hour">): string {
  if (interval === "day") return date;
  if (interval === "month") return `${date.slice(0, 8)}01`;
  const days = Date.parse(`${date}T00:00:00Z`) / DAY_MS;
  return shiftDate(date, -((days + MONDAY_OFFSET) % 7));
}

/** Every bucket of a period, in order, empty ones too: dates, or UTC hours as `YYYY-MM-DDTHH:00:00Z`. */
export function bucketsOf(period: Period, interval: Interval): string[] {
  if (interval !== "hour") return [...new Set(datesOf(period).map((date) => bucketOf(date, interval)))];
  const end = firstHourOf(shiftDate(period.end_date, 1), period.timezone);
  const hours: string[] = [];
  for (let time = firstHourOf(period.start_date, period.timezone); time < end; time += HOUR_MS) {
    hours.push(`${new Date(time).toISOString().slice(0, 19)}Z`);
  }
  return hours;
}

/** The first whole UTC hour (ms) that begins on a date of a timezone. A date is never more than 16 hours away from its UTC namesake. */
function firstHourOf(date: string, timezone: string): number {
  const local = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  let time = Date.parse(`${date}T00:00:00Z`) - 16 * HOUR_MS;
  while (local.format(time) < date) time += HOUR_MS;
  return time;
}
