import { z } from "zod";
import { Id } from "@/lib/base/id";
import { absent, one, type SearchParams } from "@/lib/base/query-string";
import { CalendarDate, daysBetween } from "@/lib/base/time";
import { isWithin, MOST_HOURLY_DAYS_BACK } from "@/lib/usage/bounds";
import { type Dates, datesOfPreset, PRESETS } from "@/lib/usage/presets";
import { ModelName } from "@/lib/usage/schema";

/** What the dashboard shows, as its address says it. Safe for the browser. */

const DashboardParams = z.object({
  period: absent(z.enum([...PRESETS, "custom"])),
  start: absent(CalendarDate),
  end: absent(CalendarDate),
  key: absent(Id),
  model: absent(ModelName),
  provider: absent(ModelName),
  metric: one(z.enum(["cost", "requests", "tokens"]).catch("cost")),
  by: one(z.enum(["model", "key", "provider"]).catch("model")),
  interval: absent(z.enum(["hour", "day", "week", "month"])),
  compare: one(z.enum(["previous", "none"]).catch("none")),
});

export type DashboardParams = z.output<typeof DashboardParams>;
export type Metric = DashboardParams["metric"];
export type Interval = NonNullable<DashboardParams["interval"]>;
export type DashboardView = Omit<DashboardParams, "interval" | "start" | "end"> &
  Dates & { period: (typeof PRESETS)[number] | "custom"; interval: Interval; intervals: Interval[]; days: number };

/** Reads a page's address on a given day of the person's timezone. */
export function readDashboardView(params: SearchParams, today: string): DashboardView {
  const asked = DashboardParams.parse(params);
  const named = asked.period === "custom" ? "30d" : (asked.period ?? "30d");
  const custom = asked.start &&
    asked.end &&
    isPeriod(asked.start, asked.end) && { start_date: asked.start, end_date: asked.end };
  const dates = custom || datesOfPreset(named, today);
  const days = daysBetween(dates.start_date, dates.end_date);
  const intervals = intervalsFor(days);
  const interval = asked.interval && intervals.includes(asked.interval) ? asked.interval : defaultInterval(days);
  return { ...asked, ...dates, period: custom ? "custom" : named, days, intervals, interval };
}

const isPeriod = (start: string, end: string): boolean => start <= end && isWithin(start, end);

/** Steps that make sense for so many days. */
function intervalsFor(days: number): Interval[] {
  if (days === 1) return ["hour"];
  return [
    ...(days <= MOST_HOURLY_DAYS_BACK ? (["hour"] as const) : []),
    "day",
    ...(days > 13 ? (["week"] as const) : []),
    ...(days > 59 ? (["month"] as const) : []),
  ];
}

const defaultInterval = (days: number): Interval => (days === 1 ? "hour" : days > 120 ? "week" : "day");
