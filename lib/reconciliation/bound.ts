import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";
import { COUNTED_PERIODS } from "./counted-periods";

/** Where a difference begins to count: above 0.01 USD and above 0.1 % of OpenRouter's figure. */
const condition = (drift: string, theirs: string): string =>
  `coalesce(abs(${drift}) > greatest(0.01, 0.001 * coalesce(${theirs}, 0)), false)`;

/** A condition in SQL on two expressions in SQL, USD: whether a drift is beyond the bound. False where nothing was compared. */
export const isOff = (drift: string, theirs: string): Fragment => sql().unsafe(condition(drift, theirs));

/** A condition on columns named as those of `key_counters`: whether the sum of any of the running day, week and month is off. */
export const isPeriodOff = (table: string): Fragment =>
  sql().unsafe(
    `(${COUNTED_PERIODS.map(({ column }) => condition(`${table}.drift_${column}`, `${table}.usage_${column}`)).join(" or ")})`,
  );

/** The same of any of the four comparisons of a key: that of its whole life included. */
export const isKeyOff = (table: string): Fragment =>
  sql()`(${isOff(`${table}.drift`, `${table}.usage`)} or ${isPeriodOff(table)})`;
