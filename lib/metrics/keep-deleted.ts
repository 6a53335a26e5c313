import "server-only";
import type postgres from "postgres";
import { sql } from "@/db/client";
import { eachCounter } from "./counters";

const COLUMNS = eachCounter((column) => column);
const SUMS = eachCounter((column) => `sum(${column})`);
const ADDED = eachCounter(
  (column) => `${column} = coalesce(m.${column} + excluded.${column}, m.${column}, excluded.${column})`,
);

/**
 * Deletes a key's rows of `usage_stats` before a UTC day (YYYY-MM-DD) and adds them to what its counters keep, in one
 * statement. The key's row must be locked. Days that were deleted once already are in the counters: when they are read
 * again from OpenRouter, they are deleted and not added. Returns the number of rows deleted.
 */
export async function deleteCountedDays(
  transaction: postgres.TransactionSql<{ bigint: number }>,
  apiKeyId: number,
  before: string,
): Promise<number> {
  const text = (written: string) => sql().unsafe(written);
  const [row] = await transaction<{ deleted: number }[]>`
    with known as (
      select min(first_day) as first_day, max(last_day) as last_day
      from metric_months where api_key_id = ${apiKeyId} and kind = 'deleted'
    ), gone as (
      delete from usage_stats where api_key_id = ${apiKeyId} and date < ${before}::date returning team_id, date, model, ${text(COLUMNS)}
    ), kept as (
      insert into metric_months as m (team_id, kind, api_key_id, model, month, first_day, last_day, ${text(COLUMNS)})
      select team_id, 'deleted', ${apiKeyId}, model, date_trunc('month', date)::date, min(date), max(date), ${text(SUMS)}
      from gone, known where (date between known.first_day and known.last_day) is not true
      group by 1, 4, 5
      on conflict on constraint metric_months_identity do update set first_day = least(m.first_day, excluded.first_day),
        last_day = greatest(m.last_day, excluded.last_day), ${text(ADDED)}
    ), before as (
      -- OpenRouter's counter goes on counting what is deleted here: it belongs to the time before our history now.
      update key_counters c set usage_before = c.usage_before + g.cost, booked_cost = c.booked_cost - g.cost
      from (select coalesce(sum(cost), 0) as cost from gone) g where c.api_key_id = ${apiKeyId}
    )
    select count(*) as deleted from gone`;
  return row?.deleted ?? 0;
}
