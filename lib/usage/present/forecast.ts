import { shiftDate } from "@/lib/base/time";

/** USD. `so_far` is exact, the others are estimates. `low` and `high` hold about four of five months, if the coming days are like those of the last weeks. */
export type Forecast = { so_far: number; expected: number; low: number; high: number };

type Day = { date: string; cost: number };

const WEEKS = 4;
const Z_80 = 1.2816;
const weekday = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();

/**
 * What the present month will come to: what was spent (`soFar`, today included), and for each day left the mean of the same weekday over the last four weeks. Today
 * counts as the larger of its mean and what it has already cost. Null when there are fewer than seven full days to judge by.
 */
export function forecastMonth(days: Day[], today: string, soFar: number): Forecast | null {
  const cost = new Map(days.map((day) => [day.date, day.cost]));
  const since = days.find((day) => day.cost > 0)?.date;
  const known = Array.from({ length: 7 * WEEKS }, (_, index) => shiftDate(today, -1 - index)).filter(
    (date) => since !== undefined && date >= since,
  );
  if (known.length < 7) return null;

  const means = Array.from({ length: 7 }, (_, index) =>
    mean(known.filter((date) => weekday(date) === index).map((date) => cost.get(date) ?? 0)),
  );
  const deviations = known.map((date) => (cost.get(date) ?? 0) - (means[weekday(date)] ?? 0));
  const variance = deviations.reduce((sum, value) => sum + value * value, 0) / Math.max(1, known.length - 7);

  const spentToday = cost.get(today) ?? 0;
  const left = daysLeft(today);
  const rest = left.reduce((sum, date) => sum + (means[weekday(date)] ?? 0), 0);
  const expected = soFar + Math.max(0, (means[weekday(today)] ?? 0) - spentToday) + rest;
  const spread = Z_80 * Math.sqrt(variance * (left.length + 1));
  return { so_far: soFar, expected, low: Math.max(soFar, expected - spread), high: expected + spread };
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

function daysLeft(today: string): string[] {
  const left: string[] = [];
  for (let date = shiftDate(today, 1); date.startsWith(today.slice(0, 7)); date = shiftDate(date, 1)) left.push(date);
  return left;
}
