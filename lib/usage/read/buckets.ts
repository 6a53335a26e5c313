import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";
import { DAY_MS, shiftDate } from "@/lib/base/time";
import { datesOf, type Period } from "@/lib/usage/period";

export type Interval = "hour" | "day" | "week" | "month";

const MONDAY_OFFSET = 3; // 1970-01-01 was a Thursday.

/** The first day of the bucket that a date falls into, as PostgreSQL's date_trunc has it: weeks begin on Monday. */
export function bucketOf(date: string, interval: Exclude<Interval, "hour">): string {
  if (interval === "day") return date;
  if (interval === "month") return `${date.slice(0, 8)}01`;
  const days = Date.parse(`${date}T00:00:00Z`) / DAY_MS;
  return shiftDate(date, -((days + MONDAY_OFFSET) % 7));
}

/** Every bucket of a period in days, weeks or months, in order, empty ones too. */
export const datedBuckets = (period: Period, interval: Exclude<Interval, "hour">): string[] => [
  ...new Set(datesOf(period).map((date) => bucketOf(date, interval))),
];

/**
 * Every UTC hour that begins on a day of the period, in order, as an array of `YYYY-MM-DDTHH:00:00Z`. PostgreSQL, which places usage in days, makes
 * them too: Node's own list of timezones may be of another year.
 */
export const hourBuckets = ({ start_date, end_date, timezone }: Period): Fragment => sql()`array(
  select ${hourName(sql()`hour`)}
  from generate_series(
    date_trunc('hour', ${start_date}::timestamp at time zone ${timezone}, 'UTC') - interval '3 hours',
    (${end_date}::date + 1)::timestamp at time zone ${timezone} + interval '3 hours', interval '1 hour') hour
  where (hour at time zone ${timezone})::date between ${start_date} and ${end_date}
  order by hour)`;

/** An hour as a series names it. */
export const hourName = (hour: Fragment): Fragment =>
  sql()`to_char(${hour} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:00:00"Z"')`;

/** A day's bucket as a series names it. */
export const dayName = (day: Fragment, interval: Exclude<Interval, "hour">): Fragment =>
  sql()`date_trunc(${interval}, ${day}::timestamp)::date::text`;
