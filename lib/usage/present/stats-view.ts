import { z } from "zod";
import { Id } from "@/lib/base/id";
import { absent, one, PageNumber, type SearchParams, several } from "@/lib/base/query-string";
import { columnOf, type Sort, sortBy } from "@/lib/base/sort";
import { CalendarDate, daysBetween } from "@/lib/base/time";
import { type Dates, datesOfPreset, PRESETS, type Preset } from "@/lib/usage/presets";
import { ModelName } from "@/lib/usage/schema";
import { COLUMNS, type Column, columnsOf, GROUPS } from "./columns";

/** What the statistics page shows, as its address says it. Safe for the browser. */

const StatsParams = z.object({
  period: absent(z.enum(PRESETS)),
  start: absent(CalendarDate),
  end: absent(CalendarDate),
  key: several(Id),
  model: several(ModelName),
  provider: several(ModelName),
  group: one(z.enum(GROUPS).catch("none")),
  sort: absent(sortBy(COLUMNS)),
  hide: several(z.enum(COLUMNS)),
  page: PageNumber,
  limit: one(z.coerce.number().int().min(10).max(500).catch(50)),
});

export type StatsSort = Sort<Column>;
export type StatsView = Omit<z.output<typeof StatsParams>, "start" | "end" | "period" | "sort"> &
  Dates & { period: Preset | "custom"; sort: StatsSort; days: number };

/** Reads a page's address on a given day of the person's timezone. */
export function readStatsView(params: SearchParams, today: string): StatsView {
  const { period, start, end, sort, ...asked } = StatsParams.parse(params);
  const custom = start && end && start <= end;
  const dates = custom ? { start_date: start, end_date: end } : datesOfPreset(period ?? "30d", today);
  const columns = columnsOf(asked.group);
  const wanted = sort && columns.includes(columnOf(sort)) ? sort : null;
  return {
    ...asked,
    ...dates,
    period: custom ? "custom" : (period ?? "30d"),
    days: daysBetween(dates.start_date, dates.end_date),
    sort: wanted ?? (columns.includes("date") ? "-date" : "-cost"),
  };
}
