import "server-only";
import { sql } from "@/db/client";
import { withTimezoneErrors } from "@/db/timezone";
import type { Viewer } from "@/lib/access/viewer";
import { type Money, moneyToJson } from "@/lib/base/money";
import { isoDateIn, shiftDate } from "@/lib/base/time";
import { selectedPeriod } from "@/lib/usage/period";
import { type Forecast, forecastMonth } from "@/lib/usage/present/forecast";
import type { UsageFilter } from "@/lib/usage/schema";
import { usageRows } from "./rows";

/** Enough for the whole month and the weeks that its forecast is judged by. */
const DAYS = 62;
const PACE_DAYS = 14;

export type Outlook = {
  forecast: Forecast | null;
  /** USD; null where no management key tells. `days` is how long they last at the pace of the last two weeks, null without spend. */
  credits: { left: number; total: number; days: number | null; at: string } | null;
};

/** Where the month and the credits are heading. Sums are PostgreSQL's; what is made of them here are estimates. */
export async function readOutlook(viewer: Viewer, filter: UsageFilter): Promise<Outlook> {
  const today = isoDateIn(new Date(), viewer.timezone);
  const isFiltered = (filter.api_key_id ?? filter.model ?? filter.provider) !== undefined;
  const [own, whole, credits] = await Promise.all([
    readSpend(viewer, today, filter),
    isFiltered ? readSpend(viewer, today, {}) : null,
    readCredits(viewer),
  ]);
  const pace = (whole ?? own).recent / PACE_DAYS;
  return {
    forecast: forecastMonth(own.days, today, own.soFar),
    credits: credits && { ...credits, days: pace > 0 ? Math.floor(Math.max(0, credits.left) / pace) : null },
  };
}

type SpendRow = { days: { date: string; cost: Money }[] | null; so_far: Money | null; recent: Money | null };

/** What each day cost, and in all this month and the days before today by which the pace is judged. USD. */
async function readSpend(viewer: Viewer, today: string, filter: UsageFilter) {
  const dates = { start_date: shiftDate(today, 1 - DAYS), end_date: today, timezone: viewer.timezone };
  const [row] = await withTimezoneErrors(sql()<SpendRow[]>`
    select json_agg(json_build_object('date', day, 'cost', cost::text) order by day) as days,
      sum(cost) filter (where day >= date_trunc('month', ${today}::timestamp))::text as so_far,
      sum(cost) filter (where day < ${today}::date and day >= ${today}::date - ${PACE_DAYS}::int)::text as recent
    from (select day, sum(cost) as cost from (${usageRows(viewer, selectedPeriod(dates), filter)}) used group by day) daily`);
  return {
    days: (row?.days ?? []).map(({ date, cost }) => ({ date, cost: moneyToJson(cost) })),
    soFar: moneyToJson(row?.so_far ?? "0"),
    recent: moneyToJson(row?.recent ?? "0"),
  };
}

type CreditsRow = { total: string | null; remaining: string | null; at: string | null };

async function readCredits(viewer: Viewer): Promise<{ left: number; total: number; at: string } | null> {
  const [row] = await sql()<CreditsRow[]>`
    select sum(credits_total) as total, sum(credits_total - credits_used) as remaining,
      to_char(min(credits_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at
    from api_keys where team_id = ${viewer.teamId} and kind = 'management' and management_key_id is null and credits_total is not null and credits_used is not null`;
  if (!row?.total || !row.remaining || !row.at) return null;
  return { left: moneyToJson(row.remaining), total: moneyToJson(row.total), at: row.at };
}
