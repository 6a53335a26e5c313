import { unitsToNumber } from "../money";
import { dayOf, type Period, periodStartDay } from "../time";
import type { SimulatedKey } from "./keys";
import type { Ledger, Spend } from "./ledger";

const PERIODS: readonly Period[] = ["daily", "weekly", "monthly"];

function spendIn(ledger: Ledger, key: SimulatedKey, period: Period | null, now: Date): Spend {
  if (period === null) return ledger.spend(key.hash);
  return ledger.spend(key.hash, periodStartDay(period, now), dayOf(now));
}

/** The eight spend counters and the limit fields of `GET /key` and of the key rows, as wire fields (USD numbers). */
export function keyCounters(ledger: Ledger, key: SimulatedKey, now: Date) {
  const total = ledger.spend(key.hash);
  const [daily, weekly, monthly] = PERIODS.map((period) => spendIn(ledger, key, period, now)) as [Spend, Spend, Spend];
  return {
    limit: key.limit === null ? null : unitsToNumber(key.limit),
    limit_remaining: limitRemaining(ledger, key, now),
    limit_reset: key.limitReset,
    include_byok_in_limit: key.includeByokInLimit,
    usage: unitsToNumber(total.cost),
    usage_daily: unitsToNumber(daily.cost),
    usage_weekly: unitsToNumber(weekly.cost),
    usage_monthly: unitsToNumber(monthly.cost),
    byok_usage: unitsToNumber(total.byokCost),
    byok_usage_daily: unitsToNumber(daily.byokCost),
    byok_usage_weekly: unitsToNumber(weekly.byokCost),
    byok_usage_monthly: unitsToNumber(monthly.byokCost),
  };
}

/** USD left in the running reset period; never below 0. */
function limitRemaining(ledger: Ledger, key: SimulatedKey, now: Date): number | null {
  if (key.limit === null) return null;
  const spent = spendIn(ledger, key, key.limitReset, now);
  return unitsToNumber(Math.max(0, key.limit - spent.cost - (key.includeByokInLimit ? spent.byokCost : 0)));
}
