import "server-only";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/auth/viewer";
import { moneyToJson } from "@/lib/money";
import { isoDateIn, shiftDate } from "@/lib/time";
import { type Forecast, forecastMonth } from "./forecast";
import type { UsageFilter } from "./schema";
import { readTimeseries } from "./timeseries";

/** Enough for the whole month and the weeks that its forecast is judged by. */
const DAYS = 62;
const PACE_DAYS = 14;

export type Outlook = {
  forecast: Forecast | null;
  /** USD; null where no management key tells. `days` is how long they last at the pace of the last two weeks, null without spend. */
  credits: { left: number; total: number; days: number | null; at: string } | null;
};

/** Where the month and the credits are heading. */
export async function readOutlook(viewer: Viewer, filter: UsageFilter): Promise<Outlook> {
  const today = isoDateIn(new Date(), viewer.timezone);
  const asked = {
    start_date: shiftDate(today, 1 - DAYS),
    end_date: today,
    timezone: viewer.timezone,
    metric: "cost",
    group_by: "none",
    interval: "day",
    top: 1,
  } as const;
  const [own, whole, credits] = await Promise.all([
    readTimeseries(viewer, { ...asked, ...filter }),
    filter.api_key_id || filter.model || filter.provider ? readTimeseries(viewer, asked) : null,
    readCredits(viewer),
  ]);
  const daysOf = (series: typeof own) =>
    (series.series[0]?.points ?? []).map(({ date, value }) => ({ date, cost: value ?? 0 }));
  const all = daysOf(whole ?? own)
    .filter(({ date }) => date < today)
    .slice(-PACE_DAYS);
  const pace = all.reduce((sum, day) => sum + day.cost, 0) / PACE_DAYS;
  return {
    forecast: forecastMonth(daysOf(own), today),
    credits: credits && { ...credits, days: pace > 0 ? Math.floor(Math.max(0, credits.left) / pace) : null },
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
