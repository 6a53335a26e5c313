import { addDays, addHours, startOfDay, startOfHour } from "@/lib/base/time";
import type { Granularity, Window } from "@/lib/openrouter/analytics";
import type { Asking } from "./asking";
import type { ListedKey } from "./roster";
import type { AccountSync } from "./unit";

/** One reading of an account's details (speed, breakdowns), from a UTC day on. */
export type DetailSync = { account: AccountSync; asking: Asking; keys: readonly ListedKey[]; start: Date };

/** What is read anew, with the running hour or day. */
export const windowOf = ({ start, account: { now } }: DetailSync, granularity: Granularity): Window => ({
  start,
  end: granularity === "day" ? addDays(startOfDay(now), 1) : addHours(startOfHour(now), 1),
});
