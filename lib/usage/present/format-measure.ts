import type { Formatter } from "@/lib/base/format";
import type { Metric } from "./dashboard-view";

/** How a measure is written: in full, and short for axes. Safe for the browser. */
export function measureFormat(format: Formatter, metric: Metric) {
  return metric === "cost"
    ? { full: format.money, short: format.moneyShort }
    : { full: format.count, short: format.short };
}

/** The name of a bucket: an hour, a day, a week by its Monday, or a month. */
export function bucketName(format: Formatter, interval: "hour" | "day" | "week" | "month", start: string): string {
  if (interval === "hour") return format.dateTime(start);
  return interval === "month" ? format.month(start) : format.day(start);
}

/** The same in the little room under an axis. */
export function bucketTick(
  format: Formatter,
  interval: "hour" | "day" | "week" | "month",
  start: string,
  oneDay: boolean,
): string {
  if (interval === "hour") return oneDay ? format.hour(start) : format.dayHour(start);
  return interval === "month" ? format.month(start) : format.dayShort(start);
}
