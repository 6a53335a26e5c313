import "server-only";
import { sql } from "@/db/client";
import { directed, type Fragment } from "@/db/fragment";
import type { TeamReader } from "@/lib/access/viewer";
import { AppError } from "@/lib/base/errors";
import { columnOf, type Sort } from "@/lib/base/sort";
import { isSelectionComplete } from "@/lib/reconciliation/complete";
import { MEASURE_COLUMNS } from "@/lib/usage/measures";
import type { Period } from "@/lib/usage/period";
import type { UsageFilter } from "@/lib/usage/schema";
import { bookedModels } from "./model-names";
import { splitHours } from "./split-hours";

const isUtc = (timezone: string): boolean => /^(Etc\/)?(UTC|UCT|Universal|Zulu)$/i.test(timezone);

const COLUMNS = MEASURE_COLUMNS.join(", ");

/**
 * The viewer's usage rows of a period, as a sub-select: `id, api_key_id, day, hour, model, provider` and every measure. Whole UTC days come from the daily
 * roll-up; hours and the days of other timezones from the hourly truth. What OpenRouter reported only per day belongs to the date that it
 * named, whatever the timezone, and has no hour. An hour belongs to the day in which it begins; in a daily reading those that straddle midnight are
 * split where single requests show how.
 */
export function usageRows(viewer: TeamReader, period: Period, filter: UsageFilter, hourly = false): Fragment {
  const conditions = sql()`
    ${filter.api_key_id === undefined ? sql()`` : sql()`and api_key_id = ${filter.api_key_id}`}
    ${filter.model === undefined ? sql()`` : sql()`and model = any(${bookedModels([filter.model])})`}
    ${filter.provider === undefined ? sql()`` : sql()`and provider = ${filter.provider}`}`;
  if (!hourly && isUtc(period.timezone)) return daily(viewer, period, conditions);
  const located = hours(viewer, period, conditions);
  const { start_date, end_date, timezone } = period;
  return sql()`
    select null::bigint as id, api_key_id, day, case granularity when 'hour' then hour end as hour, model, provider, ${sql().unsafe(COLUMNS)}
    from (${hourly || period.whole_hours ? located : splitHours(located, timezone)}) located
    where day between ${start_date} and ${end_date}`;
}

const daily = (viewer: TeamReader, period: Period, conditions: Fragment): Fragment => sql()`
  select id, api_key_id, date as day, null::timestamptz as hour, model, provider, ${sql().unsafe(COLUMNS)}
  from usage_stats
  where team_id = ${viewer.teamId} and date between ${period.start_date} and ${period.end_date} ${conditions}`;

/** A midnight that a change of clocks repeats is the second one to PostgreSQL, and an hour may begin before its day: so far beyond the edges is looked. */
const BEYOND = "3 hours";

/** Hourly rows with the day that each begins in, of the period and somewhat more. */
const hours = (viewer: TeamReader, { start_date, end_date, timezone }: Period, conditions: Fragment): Fragment => sql()`
  select *, (hour at time zone case granularity when 'hour' then ${timezone} else 'UTC' end)::date as day
  from usage_hours
  where api_key_id = any(array(select k.id from api_keys k where k.team_id = ${viewer.teamId})) ${conditions}
    and hour >= least(${start_date}::timestamp at time zone ${timezone}, ${start_date}::timestamp at time zone 'UTC') - ${BEYOND}::interval
    and hour < greatest((${end_date}::date + 1)::timestamp at time zone ${timezone}, (${end_date}::date + 1)::timestamp at time zone 'UTC')
      + ${BEYOND}::interval`;

/** Columns that tell, within the same statement, when the team's data were read, whether they are complete, and to whom a filtered key belongs. */
export const contextColumns = (viewer: TeamReader, filter: UsageFilter): Fragment => sql()`
  (select to_char(max(last_synced_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from api_keys where team_id = ${viewer.teamId}) as data_as_of,
  ${isSelectionComplete(viewer, filter.api_key_id)} as complete,
  (select team_id from api_keys where id = ${filter.api_key_id ?? null}::int) as key_team`;

/** Whether anything of a period was read, of the filtered key or of any: what has no usage is then zero, and otherwise unknown. */
export const readColumn = (viewer: TeamReader, filter: UsageFilter, period: Period): Fragment => sql()`
  exists (
    select from api_keys where team_id = ${viewer.teamId} ${filter.api_key_id === undefined ? sql()`` : sql()`and id = ${filter.api_key_id}`}
      and last_synced_at >= ${period.start_date}::timestamp at time zone ${period.timezone}
      and (synced_from is null or synced_from < (${period.end_date}::date + 1)::timestamp at time zone ${period.timezone})
  ) as is_read`;

/** What both say. */
export type Context = { data_as_of: string | null; key_team: number | null; is_read: boolean };

/** A filter by a key that does not exist is an unknown id (404); by another team's key, somebody else's resource (403). */
export function checkKeyFilter(viewer: TeamReader, filter: UsageFilter, keyTeam: number | null | undefined): void {
  if (filter.api_key_id === undefined || keyTeam === viewer.teamId) return;
  if (keyTeam == null) throw new AppError("not_found", "There is no API key with this id");
  throw new AppError("forbidden", "This API key belongs to somebody else");
}

/** The chosen column of a subquery called `selected`. Qualified: a bare name would mean the output column, where cost is text. */
export const selectedFirst = <Column extends string>(sort: Sort<Column>): Fragment =>
  directed(sql()`${sql()(`selected.${columnOf(sort)}`)}`, sort);
