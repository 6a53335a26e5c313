import "server-only";
import { sql } from "@/db/client";
import { addDays, startOfDay } from "@/lib/base/time";
import { rollUp } from "@/lib/usage/write/ingest-usage";
import type { AccountSync } from "./unit";

/** A key's own counter of this UTC day, USD. */
export type TodayCounter = { id: number; usage_daily: string | null };

/**
 * Books the running day from the keys' own counters, for an account whose analytics are refused: `/activity` has completed days only. What the counter says
 * beyond the rows of today stands in one row of cost alone; the day's report replaces it.
 */
export async function bookToday(account: AccountSync, counters: readonly TodayCounter[]): Promise<void> {
  const start = startOfDay(account.now);
  const end = addDays(start, 1);
  const known = counters.filter(({ usage_daily: usage }) => usage !== null);
  if (known.length === 0) return;
  const apiKeyIds = known.map(({ id }) => id);
  await sql().begin(async (transaction) => {
    await transaction`select 1 from api_keys where id = any(${apiKeyIds}::int[]) order by id for no key update`;
    await transaction`
      delete from usage_hours where api_key_id = any(${apiKeyIds}::int[]) and source = 'sample' and granularity = 'day'
        and hour >= ${start.toISOString()} and hour < ${end.toISOString()}`;
    await transaction`
      insert into usage_hours as u (team_id, api_key_id, hour, granularity, source, cost)
      select ${account.teamId}, c.id, ${start.toISOString()}, 'day', 'sample', c.usage_daily - coalesce(told.cost, 0)
      from jsonb_to_recordset(${JSON.stringify(known)}::jsonb) as c(id int, usage_daily numeric)
        left join lateral (select sum(h.cost) as cost from usage_hours h
          where h.api_key_id = c.id and h.hour >= ${start.toISOString()} and h.hour < ${end.toISOString()}) told on true
      where c.usage_daily > coalesce(told.cost, 0)
      on conflict on constraint usage_hours_identity do update set cost = u.cost + excluded.cost, source = 'sample', granularity = 'day'`;
    await rollUp(transaction as Parameters<typeof rollUp>[0], { teamId: account.teamId, apiKeyIds, start, end });
    await transaction`update teams set data_version = data_version + 1 where id = ${account.teamId}`;
  });
}
