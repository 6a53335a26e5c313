import { daysBetween } from "@/lib/base/time";

/** How far before its end a period may begin. Safe for the browser. */
export const MOST_DAYS_BACK = 365;
/** The same where a period is read by hours. */
export const MOST_HOURLY_DAYS_BACK = 31;

/** Whether a period (`YYYY-MM-DD`) begins at most so many days before its end. */
export const isWithin = (start: string, end: string, mostDaysBack = MOST_DAYS_BACK): boolean =>
  daysBetween(start, end) - 1 <= mostDaysBack;
