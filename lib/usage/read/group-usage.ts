import "server-only";
import { sql } from "@/db/client";
import { withTimezoneErrors } from "@/db/timezone";
import type { TeamReader } from "@/lib/access/viewer";
import type { MeasureColumn } from "@/lib/usage/measures";
import type { Period } from "@/lib/usage/period";
import { AVERAGES, type Averages } from "@/lib/usage/present/summary";
import type { UsageFilter } from "@/lib/usage/schema";
import { type Context, checkKeyFilter, contextColumns, readColumn, usageRows } from "./rows";
import { OVERVIEW, type OverviewColumn, type SumsLine, sumColumns, sumsOf, sumsOfNothing } from "./sums";

/** Percent of the period's total, one decimal; null where the total is not positive, for then nothing has a share in it. */
export type Shares = { percentage_cost: number | null; percentage_requests: number | null };

type Line = SumsLine &
  Shares &
  Averages &
  Context & {
    kind: Dimension | "total";
    rows: number;
    model: string | null;
    api_key_id: number | null;
    api_key_name: string | null;
    provider: string | null;
    day: string | null;
    complete: boolean;
  };

const COLUMNS = {
  model: { column: "model", type: "text" },
  key: { column: "api_key_id", type: "int" },
  provider: { column: "provider", type: "text" },
  day: { column: "day", type: "date" },
} as const;
export type Dimension = keyof typeof COLUMNS;

/** The dimensions as columns (null where one was not asked for), what each line is grouped by, and the grouping sets, `()` being the total. */
function groupingOf(dimensions: readonly Dimension[]) {
  const all = Object.entries(COLUMNS) as [Dimension, (typeof COLUMNS)[Dimension]][];
  const used = all.filter(([name]) => dimensions.includes(name));
  const unused = all.filter(([name]) => !dimensions.includes(name));
  const kinds = used.map(([name, { column }]) => `when grouping(${column}) = 0 then '${name}'`);
  return {
    columns: [
      ...used.map(([, { column }]) => column),
      ...unused.map(([, { column, type }]) => `null::${type} as ${column}`),
      kinds.length > 0 ? `case ${kinds.join(" ")} else 'total' end as kind` : "'total' as kind",
    ].join(", "),
    sets: [...used.map(([, { column }]) => `(${column})`), "()"].join(", "),
  };
}

/**
 * A period's usage in total and by some dimensions, in one pass and one statement. Groups come by cost, greatest first, days in order. Sums,
 * averages and shares are PostgreSQL's; of a period of which nothing was read the total is unknown (null) rather than zero.
 */
export async function groupUsage<Column extends MeasureColumn = OverviewColumn>(
  viewer: TeamReader,
  period: Period,
  filter: UsageFilter,
  dimensions: readonly Dimension[],
  measures: readonly (Column | OverviewColumn)[] = OVERVIEW,
) {
  const { columns, sets } = groupingOf(dimensions);
  const lines = await withTimezoneErrors(sql()<Line[]>`
    with grouped as (
      select ${sql().unsafe(columns)}, count(*) as rows, ${sumColumns(measures)}
      from (${usageRows(viewer, period, filter)}) used
      group by grouping sets (${sql().unsafe(sets)})
    ), total as materialized (
      select case when rows > 0 then cost when is_read then 0 end as cost, case when rows > 0 then requests when is_read then 0 end as requests,
        context.*
      from grouped cross join (select ${contextColumns(viewer, filter)}, ${readColumn(viewer, filter, period)}) context where kind = 'total'
    )
    select g.*, keys.name as api_key_name,
      (case when total.cost > 0 then round(100 * g.cost / total.cost, 1) end)::float8 as percentage_cost,
      (case when total.requests > 0 then round(100.0 * g.requests / total.requests, 1) end)::float8 as percentage_requests,
      round(total.cost / nullif(total.requests, 0), 10)::text as avg_cost_per_request,
      round(total.cost / ${period.days}::int, 10)::text as avg_cost_per_day,
      round(total.requests::numeric / ${period.days}::int, 10)::text as avg_requests_per_day,
      total.data_as_of, total.complete, total.is_read, total.key_team
    from grouped g
    cross join total
    left join api_keys keys on keys.id = g.api_key_id
    order by g.day, g.cost desc, g.model, keys.name, g.provider`);
  const total = lines.find((line) => line.kind === "total");
  checkKeyFilter(viewer, filter, total?.key_team);
  const sums = (line: Line) => sumsOf(line, measures);
  const of = (dimension: Dimension): Line[] => lines.filter((line) => line.kind === dimension);
  const nothing = sumsOfNothing(total?.is_read ?? false, measures);
  return {
    total: { ...(total && total.rows > 0 ? sums(total) : nothing), ...averagesOf(total) },
    /** What a day without usage adds up to. */
    nothing,
    data_as_of: total?.data_as_of ?? null,
    complete: total?.complete ?? false,
    models: of("model").map((line) => ({ model: line.model, ...sums(line), ...sharesOf(line) })),
    keys: of("key").map((line) => ({
      api_key_id: Number(line.api_key_id),
      api_key_name: line.api_key_name ?? "",
      ...sums(line),
      ...sharesOf(line),
    })),
    providers: of("provider").map((line) => ({ provider: line.provider, ...sums(line), ...sharesOf(line) })),
    days: of("day").map((line) => ({ date: line.day ?? "", ...sums(line) })),
  };
}

const averagesOf = (line: Line | undefined): Averages =>
  Object.fromEntries(AVERAGES.map((name) => [name, line?.[name] ?? null])) as Averages;

const sharesOf = (line: Line): Shares => ({
  percentage_cost: line.percentage_cost,
  percentage_requests: line.percentage_requests,
});
