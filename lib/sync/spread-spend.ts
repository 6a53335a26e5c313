import { isMore, type Money, subtractMoney } from "@/lib/base/money";
import { addHours, startOfDay, startOfHour } from "@/lib/base/time";
import type { KeyRecord } from "@/lib/openrouter/key";
import { countedAt } from "./counted";

type Periods = Pick<KeyRecord, "usage_daily" | "usage_weekly" | "usage_monthly">;
export type Reading = Periods & { usage: Money; at: Date };

/** Spend (USD) that is booked on a UTC hour. */
export type Spend = { hour: Date; cost: Money };

/**
 * Spreads what a key spent between two readings over UTC hours, so that the running day, week and month have what their own counters say. Today's part
 * stands on the hour of the reading, an earlier part on the last hour that it can have been spent in. Without `usage_daily` all is today's.
 */
export function spreadSpend(before: Reading, { at: now, usage, ...counters }: Reading): Spend[] {
  const spent = subtractMoney(usage, before.usage);
  const parts: Spend[] = [];
  let placed = "0";
  let hour = startOfHour(now);
  for (const { start, name } of counters.usage_daily === null ? [] : latestFirst(now)) {
    const counter = counters[name];
    if (counter === null) continue;
    if (before.at >= start) break;
    const within = hasBegunAnew(before[name], counter, spent) ? counter : placed;
    parts.push({ hour, cost: subtractMoney(within, placed) });
    placed = within;
    hour = addHours(start, -1);
  }
  const endOfDayBefore = addHours(startOfDay(before.at), 23);
  const lastHour = counters.usage_daily !== null && endOfDayBefore < hour ? endOfDayBefore : hour;
  parts.push({ hour: lastHour, cost: subtractMoney(spent, placed) });
  return parts.filter(({ cost }) => Number(cost) !== 0);
}

function latestFirst(now: Date) {
  const { day, week, month } = countedAt(now);
  const named = [
    { start: new Date(day.start), name: "usage_daily" },
    { start: new Date(week.start), name: "usage_weekly" },
    { start: new Date(month.start), name: "usage_monthly" },
  ] as const;
  return [...named].sort((a, b) => b.start.getTime() - a.start.getTime());
}

const ROUNDING = "0.000001";

/**
 * Whether a counter began anew since the reading before. One that only grew by what was spent did not: OpenRouter's clock has not passed the change of the
 * period that ours has.
 */
function hasBegunAnew(before: Money | null, counter: Money, spent: Money): boolean {
  if (before === null || !isMore(before, ROUNDING)) return true;
  const difference = subtractMoney(subtractMoney(counter, before), spent);
  return isMore(difference, ROUNDING) || isMore(`-${ROUNDING}`, difference);
}
