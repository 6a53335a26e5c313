import "server-only";
import { sql } from "@/db/client";
import type { Money } from "@/lib/base/money";
import type { MeasureColumn } from "@/lib/usage/measures";
import { eachCounter } from "./counters";

/**
 * All that a key spent on a model; null = not reported. `restarts`: how often this has fallen since the first scrape.
 */
export type Series = { api_key_id: number; api_key_name: string; model: string | null; restarts: number } & {
  [Column in MeasureColumn]?: number | Money | null;
};

/** First part of the advisory locks of scrapes; the second is the team. */
const SCRAPE_LOCK = 1_836_344_436;

/** Foreign key and deadlock: a key of the team was deleted meanwhile. */
const KEY_WAS_DELETED = new Set<unknown>(["23503", "40P01"]);
const ATTEMPTS = 5;

/**
 * A team's counters per key and model, and the record that they were exposed. For each measure and UTC month:
 *
 * 1. A series has what is booked under its key and model now, and what retention deleted of it
 *    (`lib/metrics/keep-deleted.ts`). So spend that moves to another key or model falls in one series and rises in the
 *    other, and is never in both.
 * 2. The series' sum is the team's total. Only where that is less than what the last scrape was given, because
 *    OpenRouter took spend back, the difference stays in the series that fell, first in those that have something left:
 *    the sum does not fall. Later spend of the same month uses the difference up before the sum rises again.
 * 3. A deleted key takes its series along.
 *
 * Prometheus takes a falling counter for one that began again at 0 and counts all that is left in it as an increase. So
 * a series that falls ends, and what is left goes on as another one with the next number in the label `restart`; the
 * first value of a new series is no increase. A series that has nothing left is not exposed. OpenMetrics' `_created`
 * would say the opposite: that the whole value is new.
 *
 * Scrapes of a team wait for each other, because each starts from what the last one was given; reading and recording
 * are one statement, so that a sync or clean-up is in it as a whole or not at all.
 */
export async function exposeCounters(teamId: number): Promise<Series[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const [, series] = await sql().begin((transaction) => [
        transaction`select pg_advisory_xact_lock(${SCRAPE_LOCK}, ${teamId})`,
        transaction<Series[]>`${statement(teamId)}`,
      ]);
      return series;
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (!KEY_WAS_DELETED.has(code) || attempt === ATTEMPTS) throw error;
    }
  }
}

const text = (written: string) => sql().unsafe(written);
/** What was exposed beyond what there is now. */
const fallOf = (column: string) => `coalesce(${column}_before, 0) - coalesce(${column}, 0)`;
/** The part of the month's shortage that remains for this series after those before it. */
const heldOf = (column: string) => `greatest(0, least(${fallOf(column)}, ${column}_short - ${column}_earlier))`;

const COLUMNS = eachCounter((column) => column);
const SUMS = eachCounter(
  (column) => `sum(${column}) filter (where kind <> 'exposed') as ${column},
    sum(${column}) filter (where kind = 'exposed') as ${column}_before`,
);
const FALLS = eachCounter(
  (column) => `sum(${fallOf(column)}) over whole as ${column}_short,
    coalesce(sum(greatest(${fallOf(column)}, 0)) over earlier, 0) as ${column}_earlier`,
);
const VALUES = eachCounter(
  (column) => `coalesce(${column} + ${heldOf(column)}, nullif(${heldOf(column)}, 0)) as ${column}`,
);
const HAS_FALLEN = eachCounter((column) => `greatest(${fallOf(column)}, 0) > ${heldOf(column)}`, " or ");
const REPLACED = eachCounter((column) => `${column} = excluded.${column}`);
const TOTALS = eachCounter((column, { type }) => `sum(${column})::${type} as ${column}`);

const statement = (teamId: number) => sql()`
  with deleted as (
    select api_key_id, min(first_day) as first_day, max(last_day) as last_day
    from metric_months where team_id = ${teamId} and kind = 'deleted' group by 1
  ), lines as (
    select s.api_key_id, s.model, date_trunc('month', s.date)::date as month, 'booked' as kind, 0 as restarts, ${text(COLUMNS)}
    from usage_stats s left join deleted d on d.api_key_id = s.api_key_id
    where s.team_id = ${teamId} and (s.date between d.first_day and d.last_day) is not true
    union all
    select api_key_id, model, month, kind, restarts, ${text(COLUMNS)} from metric_months where team_id = ${teamId}
  ), months as (
    select api_key_id, model, month, bool_and(kind = 'exposed') as is_empty, max(restarts) as restarts, ${text(SUMS)}
    from lines group by 1, 2, 3
  ), falls as (
    select *, ${text(FALLS)} from months
    window whole as (partition by month), earlier as (
      partition by month order by is_empty, api_key_id, model rows between unbounded preceding and 1 preceding)
  ), exposed as (
    select api_key_id, model, month, restarts + (${text(HAS_FALLEN)})::int as restarts, ${text(VALUES)} from falls
  ), recorded as (
    insert into metric_months as m (team_id, kind, api_key_id, model, month, restarts, ${text(COLUMNS)})
    select ${teamId}, 'exposed', e.* from exposed e order by api_key_id, model, month
    on conflict on constraint metric_months_identity do update set restarts = excluded.restarts, ${text(REPLACED)}
    where (m.restarts, ${text(eachCounter((column) => `m.${column}`))})
      is distinct from (excluded.restarts, ${text(eachCounter((column) => `excluded.${column}`))})
  )
  select api_key_id, k.name as api_key_name, model, sum(restarts)::int as restarts, ${text(TOTALS)}
  from exposed join api_keys k on k.id = api_key_id
  group by 1, 2, 3 order by 1, 3`;
