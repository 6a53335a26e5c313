import "server-only";
import { sql } from "@/db/client";
import { directed, type Fragment } from "@/db/fragment";
import type { TeamReader } from "@/lib/auth/viewer";
import { AppError } from "@/lib/errors";
import { isSelectionComplete } from "@/lib/reconciliation/complete";
import { columnOf, type Sort } from "@/lib/sort";
import { MEASURE_COLUMNS } from "./measures";
import type { Period } from "./period";
import type { UsageFilter } from "./schema";

const isUtc = (timezone: string): boolean => /^(Etc\/)?(UTC|UCT|Universal|Zulu)$/i.test(timezone);

/**
 * The viewer's usage rows of a period, as a sub-select: `id, api_key_id, day, hour, model, provider` and all measures. Whole UTC
 * days come from the daily roll-up; hours and the days of other timezones from the hourly truth. What OpenRouter told only per day
 * belongs to the date that it told, whatever the timezone, and has no hour.
 */
export function usageRows(viewer: TeamReader, period: Period, filter: UsageFilter, hourly = false): Fragment {
  const conditions = sql()`
    ${filter.api_key_id === undefined ? sql()`` : sql()`and api_key_id = ${filter.api_key_id}`}
    ${filter.model === undefined ? sql()`` : sql()`and model = ${filter.model}`}
    ${filter.provider === undefined ? sql()`` : sql()`and provider = ${filter.provider}`}`;
  return !hourly && isUtc(period.timezone) ? daily(viewer, period, conditions) : hours(viewer, period, conditions);
}

const daily = (viewer: TeamReader, period: Period, conditions: Fragment): Fragment => sql()`
  select id, api_key_id, date as day, null::timestamptz as hour, model, provider,
    ${sql().unsafe(MEASURE_COLUMNS.join(", "))}
  from usage_stats
  where team_id = ${viewer.teamId} and date between ${period.start_date} and ${period.end_date} ${conditions}`;

const hours = (viewer: TeamReader, { start_date, end_date, timezone }: Period, conditions: Fragment): Fragment => sql()`
  select null::bigint as id, api_key_id, day, case granularity when 'hour' then hour end as hour, model, provider,
    ${sql().unsafe(MEASURE_COLUMNS.join(", "))}
  from (
    select *, (hour at time zone case granularity when 'hour' then ${timezone} else 'UTC' end)::date as day
    from usage_hours
    where api_key_id = any(array(select k.id from api_keys k where k.team_id = ${viewer.teamId})) ${conditions}
      and hour >= least(${start_date}::timestamp at time zone ${timezone}, ${start_date}::timestamp at time zone 'UTC')
      and hour < greatest((${end_date}::date + 1)::timestamp at time zone ${timezone}, (${end_date}::date + 1)::timestamp at time zone 'UTC')
  ) located
  where day between ${start_date} and ${end_date}`;

/** Columns that tell, within the same statement, when the team's data were read, whether they are complete, and to whom a filtered key belongs. */
export const contextColumns = (viewer: TeamReader, filter: UsageFilter): Fragment => sql()`
  (select to_char(max(last_synced_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from api_keys where team_id = ${viewer.teamId}) as data_as_of,
  ${isSelectionComplete(viewer, filter.api_key_id)} as complete,
  (select team_id from api_keys where id = ${filter.api_key_id ?? null}::int) as key_team`;

/** A filter by a key that does not exist is an unknown id (404); by another team's key, somebody else's resource (403). */
export function checkKeyFilter(viewer: TeamReader, filter: UsageFilter, keyTeam: number | null | undefined): void {
  if (filter.api_key_id === undefined || keyTeam === viewer.teamId) return;
  if (keyTeam == null) throw new AppError("not_found", "There is no API key with this id");
  throw new AppError("forbidden", "This API key belongs to somebody else");
}

/** Runs a statement. A timezone that this machine knows and PostgreSQL does not (22023) is the caller's mistake, told as such. */
export async function asked<T>(statement: PromiseLike<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if ((error as { code?: unknown }).code !== "22023") throw error;
    const message = "is not a timezone that the database knows";
    throw new AppError("unprocessable", `timezone ${message}`, { errors: [{ field: "timezone", message }] });
  }
}

/** The chosen column of a subquery called `selected`. Qualified: a bare name would mean the output column, where cost is text. */
export const selectedFirst = <Column extends string>(sort: Sort<Column>): Fragment =>
  directed(sql()`${sql()(`selected.${columnOf(sort)}`)}`, sort);
