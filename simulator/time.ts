/** OpenRouter's clock: UTC days, weeks from Monday, calendar months. Hours and days are counted from 1970. */
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export type Granularity = "minute" | "hour" | "day" | "week" | "month";
export type Period = "daily" | "weekly" | "monthly";

export const hourOf = (at: Date) => Math.floor(at.getTime() / HOUR_MS);
export const dayOf = (at: Date) => Math.floor(at.getTime() / DAY_MS);
export const dayOfHour = (hour: number) => Math.floor(hour / 24);
export const hourStart = (hour: number) => new Date(hour * HOUR_MS);
export const dayStart = (day: number) => new Date(day * DAY_MS);

/** 0 = Monday. 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number) => (day + 3) % 7;

/** The first UTC day of the running day, week or month. */
export function periodStartDay(period: Period, at: Date): number {
  const day = dayOf(at);
  if (period === "daily") return day;
  if (period === "weekly") return day - weekdayOf(day);
  return day - (at.getUTCDate() - 1);
}

/** The first hour of the bucket that an hour belongs to. A minute answer has each hour's figures in its first minute. */
export function bucketStart(granularity: Granularity, hour: number): number {
  if (granularity === "minute" || granularity === "hour") return hour;
  if (granularity === "day") return dayOfHour(hour) * 24;
  return periodStartDay(granularity === "week" ? "weekly" : "monthly", hourStart(hour)) * 24;
}

/** `2026-11-21` */
export const dateText = (at: Date) => at.toISOString().slice(0, 10);

/** The offset form that OpenRouter's key rows use: `2026-03-02T08:14:55.120000+00:00`. */
export const offsetText = (at: Date) => at.toISOString().replace("Z", "000+00:00");
