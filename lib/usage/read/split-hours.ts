import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";
import { MEASURE_COLUMNS, type MeasureColumn } from "@/lib/usage/measures";

/** Measures that single requests report too. */
const OF_REQUESTS: readonly MeasureColumn[] = ["tokens_input", "tokens_output", "tokens_reasoning", "tokens_cached"];

/**
 * Splits hours that straddle midnight in a timezone. `located` are rows of `usage_hours` with the `day` in which each begins; the answer has the same
 * columns. Usage has no minutes, but where single requests (Broadcast) of the same key, hour, model and provider add up to the row, in number and in
 * cost, those after midnight are a row of the next day and are taken off the first. A measure that they do not report alike stays with the first
 * day, unless all of the hour lies after midnight. Sums never change.
 */
export function splitHours(located: Fragment, timezone: string): Fragment {
  return sql()`
    with located as (${located}), late as (
      select l.api_key_id, l.hour, l.granularity, l.model, l.provider, l.next_day as day, ${columns(lateColumn)}
      from (
        select *, ((hour + interval '59 minutes 59.999999 seconds') at time zone ${timezone})::date as next_day
        from located where granularity = 'hour'
      ) l
      cross join lateral (
        select count(*) as requests, count(*) filter (where is_late) as late_requests,
          ${columns((column) => `sum(${column}) as ${column}, sum(${column}) filter (where is_late) as late_${column}`, ["cost", ...OF_REQUESTS])}
        from (
          select *, (started_at at time zone ${timezone})::date = l.next_day as is_late from generations
          where api_key_id = l.api_key_id and started_at >= l.hour and started_at < l.hour + interval '1 hour' and cost is not null
        ) g
        where coalesce((select n.model_id from model_names n where n.name = g.model), g.model) is not distinct from l.model
          and g.provider is not distinct from l.provider
      ) g
      where l.next_day > l.day and g.requests = l.requests and g.cost = l.cost and g.late_requests > 0
    )
    select l.api_key_id, l.hour, l.granularity, l.model, l.provider, l.day,
      ${columns((column) => `l.${column} - coalesce(late.${column}, 0) as ${column}`)}
    from located l
    left join late on late.api_key_id = l.api_key_id and late.hour = l.hour
      and late.model is not distinct from l.model and late.provider is not distinct from l.provider
    where late.requests is null or late.requests < l.requests
    union all select api_key_id, hour, granularity, model, provider, day, ${columns((column) => column)} from late`;
}

/** All of the row's where no request was made before midnight. */
function lateColumn(column: MeasureColumn): string {
  const all = `when g.late_requests = l.requests then l.${column}`;
  if (column === "requests") return "g.late_requests as requests";
  if (column === "cost") return `case ${all} else g.late_cost end as cost`;
  const reported = OF_REQUESTS.includes(column) ? ` when g.${column} = l.${column} then g.late_${column}` : "";
  return `case ${all}${reported} end as ${column}`;
}

const columns = (write: (column: MeasureColumn) => string, of: readonly MeasureColumn[] = MEASURE_COLUMNS): Fragment =>
  sql().unsafe(of.map(write).join(", "));
