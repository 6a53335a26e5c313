import { isoDate, MINUTE_MS } from "@/lib/base/time";
import { bucketOf } from "@/lib/usage/read/buckets";

/** OpenRouter's clock may differ from ours, and its counters follow a request by less than a minute. */
const UNSETTLED_MS = 2 * MINUTE_MS;

type Counted = { start: string; isSettled: boolean };

/**
 * The UTC day, week (from Monday) and month of a moment by their first days. `isSettled` is false next to a change of the period, where OpenRouter may count
 * another one than we.
 */
export function countedAt(now: Date): Record<"day" | "week" | "month", Counted> {
  const counted = (period: "day" | "week" | "month"): Counted => {
    const [start, earlier, later] = [0, -UNSETTLED_MS, UNSETTLED_MS].map((shift) =>
      bucketOf(isoDate(new Date(now.getTime() + shift)), period),
    ) as [string, string, string];
    return { start, isSettled: earlier === start && later === start };
  };
  return { day: counted("day"), week: counted("week"), month: counted("month") };
}
