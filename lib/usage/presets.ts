import { shiftDate } from "@/lib/base/time";

/** Periods that have a name. Safe for the browser. */
export const PRESETS = ["today", "7d", "30d", "90d", "month", "last-month", "year"] as const;
export type Preset = (typeof PRESETS)[number];

export type Dates = { start_date: string; end_date: string };

const BACK: Partial<Record<Preset, number>> = { today: 0, "7d": 6, "30d": 29, "90d": 89, year: 364 };

/** The calendar days that a name means on a given day (`YYYY-MM-DD`). */
export function datesOfPreset(preset: Preset, today: string): Dates {
  const firstOfMonth = `${today.slice(0, 8)}01`;
  if (preset === "month") return { start_date: firstOfMonth, end_date: today };
  if (preset === "last-month") {
    const end = shiftDate(firstOfMonth, -1);
    return { start_date: `${end.slice(0, 8)}01`, end_date: end };
  }
  return { start_date: shiftDate(today, -(BACK[preset] ?? 29)), end_date: today };
}
