import { z } from "zod";

const Usd = z.number();
const Time = z.iso.datetime();

/**
 * Why our sum and OpenRouter's counter differ, most likely reason first:
 * `history` spent before the history we could read · `byok` fees of own provider keys · `late_rows` usage that OpenRouter reports later ·
 * `sampled` measured by its counter alone · `unsynced` not read yet.
 */
export const Reason = z.enum(["history", "byok", "late_rows", "sampled", "unsynced"]);

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
  /** Beyond 0.01 USD and 0.1 % of OpenRouter's figure. */
  is_off: z.boolean(),
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

export const Reconciliation = z.object({
  keys: z.array(KeyComparison),
  accounts: z.array(AccountComparison),
  /** Over all keys that were compared. */
  total: Comparison,
});

export type Comparison = z.output<typeof Comparison>;
export type KeyComparison = z.output<typeof KeyComparison>;
export type AccountComparison = z.output<typeof AccountComparison>;
export type Reconciliation = z.output<typeof Reconciliation>;
export type Reason = z.output<typeof Reason>;
