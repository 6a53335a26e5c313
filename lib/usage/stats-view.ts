import { z } from "zod";
import { CalendarDate, daysBetween } from "@/lib/time";
import { COLUMNS, type Column, columnsOf, EXPORT_FORMATS, GROUPS } from "./columns";
import { type Dates, datesOfPreset, PRESETS, type Preset } from "./presets";
import { ModelName, QueryId } from "./schema";
import type { SearchParams } from "./view";

/** What the statistics page shows, as its address says it. Safe for the browser. A part that makes no sense is as good as absent. */

export const ExportFormat = z.enum(EXPORT_FORMATS).catch("csv");

/** Every value that makes sense, each once. */
const several = <T extends z.ZodType>(schema: T) =>
  z
    .unknown()
    .optional()
    .transform((given): z.output<T>[] => {
      const parsed = [given].flat().map((value) => schema.safeParse(value));
      return [...new Set(parsed.flatMap((result) => (result.success ? [result.data] : [])))];
    });

/** An address may name a thing once or as a list of one. */
const one = <T extends z.ZodType>(schema: T) => z.preprocess((given) => [given].flat()[0], schema);
const absent = <T extends z.ZodType>(schema: T) => one(schema.optional().catch(undefined));

const StatsParams = z.object({
  period: absent(z.enum(PRESETS)),
  start: absent(CalendarDate),
  end: absent(CalendarDate),
  key: several(QueryId),
  model: several(ModelName),
  provider: several(ModelName),
  group: one(z.enum(GROUPS).catch("none")),
  sort: absent(z.enum([...COLUMNS, ...COLUMNS.map((column) => `-${column}` as const)])),
  hide: several(z.enum(COLUMNS)),
  page: one(z.coerce.number().int().min(1).max(1_000_000).catch(1)),
  limit: one(z.coerce.number().int().min(10).max(500).catch(50)),
});

export type StatsSort = Column | `-${Column}`;
export type StatsView = Omit<z.output<typeof StatsParams>, "start" | "end" | "period" | "sort"> &
  Dates & { period: Preset | "custom"; sort: StatsSort; days: number };

/** Reads a page's address on a given day of the person's timezone. */
export function readStatsView(params: SearchParams, today: string): StatsView {
  const { period, start, end, sort, ...asked } = StatsParams.parse(params);
  const custom = start && end && start <= end;
  const dates = custom ? { start_date: start, end_date: end } : datesOfPreset(period ?? "30d", today);
  const columns = columnsOf(asked.group);
  const wanted = sort && columns.includes(sort.replace("-", "") as Column) ? sort : null;
  return {
    ...asked,
    ...dates,
    period: custom ? "custom" : (period ?? "30d"),
    days: daysBetween(dates.start_date, dates.end_date),
    sort: wanted ?? (columns.includes("date") ? "-date" : "-cost"),
  };
}
