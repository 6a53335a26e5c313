import { type Money, moneyToJson } from "@/lib/base/money";
import type { AccountComparison, Comparison, KeyComparison, PeriodComparison, Reason } from "./schema";

type Amounts = "ours" | "theirs" | "drift";
type PeriodRow = Omit<PeriodComparison, Amounts> & Record<Amounts, Money | null>;

/** A comparison as PostgreSQL answers it: of a key, of an account, or of all. */
export type Row = {
  id: number;
  name: string;
  kind: "inference" | "management";
  measured_by: string | null;
  ours: Money;
  theirs: Money | null;
  before: Money;
  ours_today: Money | null;
  theirs_today: Money | null;
  drift: Money | null;
  drift_today: Money | null;
  periods: PeriodRow[];
  is_off: boolean;
  has_byok: boolean;
  unattributed: Money;
  credits_total: Money | null;
  credits_left: Money | null;
  as_of: string | null;
};

type Compared = Omit<Row, "id" | "name" | "kind">;

export function toComparison(row: Compared): Comparison {
  return {
    ours: moneyToJson(row.ours),
    theirs: moneyToJson(row.theirs),
    before: moneyToJson(row.before),
    ours_today: moneyToJson(row.ours_today),
    theirs_today: moneyToJson(row.theirs_today),
    drift: moneyToJson(row.drift),
    drift_today: moneyToJson(row.drift_today),
    periods: row.periods.map((period) => ({
      ...period,
      ours: moneyToJson(period.ours),
      theirs: moneyToJson(period.theirs),
      drift: moneyToJson(period.drift),
    })),
    is_off: row.is_off,
    reasons: reasonsOf(row),
    data_as_of: row.as_of,
  };
}

export const toKey = (row: Row): KeyComparison => ({
  api_key_id: row.id,
  api_key_name: row.name,
  ...toComparison(row),
});

export function toAccount(row: Row): AccountComparison {
  const reasons = reasonsOf(row);
  // Credits are counted for life; what unlisted keys spent before our history began is nowhere else to be seen.
  const isOfBefore = row.is_off && Number(row.drift) > 0 && !row.periods.some((period) => period.is_off);
  return {
    ...toKey(row),
    reasons: isOfBefore ? ["history", ...reasons] : reasons,
    unattributed: moneyToJson(row.unattributed),
    credits_total: moneyToJson(row.credits_total),
    credits_left: moneyToJson(row.credits_left),
  };
}

/** Spend of before the history is none of the reasons for a drift: a drift is what remains when it is left out. */
function reasonsOf(row: Compared): Reason[] {
  if (row.as_of === null) return ["unsynced"];
  const reasons: Reason[] = [];
  if (Number(row.before) > 0 && !row.is_off) reasons.push("history");
  if (row.periods.some((period) => period.is_off && Number(period.drift) > 0)) reasons.push("missing");
  if (row.measured_by === "sample") reasons.push("sampled");
  if (row.is_off && row.has_byok) reasons.push("byok");
  if (row.is_off) reasons.push("late_rows");
  return reasons;
}
