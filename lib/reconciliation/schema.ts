import { z } from "zod";
import { CalendarDate } from "@/lib/base/time";

const Usd = z.number();
const Time = z.iso.datetime();

/**
 * Why our sum and OpenRouter's counter differ, most likely reason first:
 * `history` spent before the history we could read · `missing` lacking inside the history that we did read, which nothing explains ·
 * `byok` fees of own provider keys · `late_rows` usage that OpenRouter reports later · `sampled` measured by its counter alone · `unsynced` not read yet.
 */
export const Reason = z.enum(["history", "missing", "byok", "late_rows", "sampled", "unsynced"]);

const Off = z.boolean().describe("Beyond 0.01 USD and 0.1 % of OpenRouter's figure");

/** Our sum against OpenRouter's counter of the UTC day, week (from Monday) or month that was running at `data_as_of`. USD; null = not reported or not compared. */
export const PeriodComparison = z.object({
  period: z.enum(["day", "week", "month"]),
  start_date: CalendarDate.describe("Its first UTC day"),
  ours: Usd.nullable().describe("Null where our history does not reach its first day"),
  theirs: Usd.nullable(),
  drift: Usd.nullable().describe("theirs − ours, spend during the reading left out; null = not compared"),
  is_off: Off,
});

/** Our sum against OpenRouter's counter, read at the same moment (`data_as_of`). USD. */
export const Comparison = z.object({
  ours: Usd,
  /** OpenRouter's own counter, all time; null where it was not read yet. */
  theirs: Usd.nullable(),
  /** The part of it from before our history begins. */
  before: Usd,
  ours_today: Usd.nullable(),
  theirs_today: Usd.nullable(),
  /** theirs − before − ours; 0 = in step; null = not compared. */
  drift: Usd.nullable(),
  drift_today: Usd.nullable(),
  periods: z
    .array(PeriodComparison)
    .describe("The running periods; of an account and in all, the keys' that were compared"),
  is_off: Off.describe("Whether all time or any period is off; of the total also whether any watched key is"),
  reasons: z.array(Reason),
  data_as_of: Time.nullable(),
});

export const KeyComparison = z.object({ api_key_id: z.int(), api_key_name: z.string(), ...Comparison.shape });

/** An account: everything its management key sees, against the credits OpenRouter says it used. */
export const AccountComparison = z.object({
  ...KeyComparison.shape,
  /** Spend of the account that belongs to no key we know. */
  unattributed: Usd,
  credits_total: Usd.nullable(),
  credits_left: Usd.nullable(),
});

/** Why figures of a key may lack something: what its comparison shows, or that it was read badly or not at all. */
export const Gap = z.object({
  api_key_id: z.int(),
  api_key_name: z.string(),
  reason: z
    .enum(["off", "unread", "failed", "fallback", "partial"])
    .describe(
      "`off` our sum and OpenRouter's counter differ · `unread` never read · `failed` not read at the last sync · `fallback` measured by /activity, which lacks the running day · `partial` the last sync was not a full success",
    ),
  period: z.enum(["all_time", "month", "week", "day"]).nullable().describe("Where the difference is greatest"),
  start_date: CalendarDate.nullable().describe("The first UTC day of that period; null for all time"),
  drift: Usd.nullable().describe("That difference; above 0 OpenRouter counts more than we do"),
});

export const Reconciliation = z.object({
  keys: z.array(KeyComparison),
  accounts: z.array(AccountComparison),
  /** Over all keys that were compared. */
  total: Comparison,
  /** Watched keys whose figures may not be complete; none when all is well. */
  gaps: z.array(Gap),
});

export type PeriodComparison = z.output<typeof PeriodComparison>;
export type Gap = z.output<typeof Gap>;
export type Comparison = z.output<typeof Comparison>;
export type KeyComparison = z.output<typeof KeyComparison>;
export type AccountComparison = z.output<typeof AccountComparison>;
export type Reconciliation = z.output<typeof Reconciliation>;
export type Reason = z.output<typeof Reason>;
