import "server-only";
import { sql } from "@/db/client";
import type { TeamReader } from "@/lib/auth/viewer";
import { type Money, moneyToJson } from "@/lib/money";
import type { Period } from "./period";
import { asked, checkKeyFilter, contextColumns, usageRows } from "./rows";
import type { UsageFilter } from "./schema";

/** What a group of rows adds up to. Null = nothing in it was reported. Percentages are of the period's total, one decimal. */
export type Sums = {
  requests: number | null;
  tokens_input: number | null;
  tokens_output: number | null;
  tokens_reasoning: number | null;
  tokens_cached: number | null;
  cost: number;
  byok_cost: number | null;
};
export type Shares = { percentage_cost: number | null; percentage_requests: number | null };
/** `rows` tells "nothing happened" (0) from "nothing was reported" (null). */
export type Total = Sums & { rows: number };

type Line = Omit<Total, "cost" | "byok_cost"> &
  Shares & {
    kind: Dimension | "total";
    model: string | null;
    api_key_id: number | null;
    api_key_name: string | null;
    provider: string | null;
    day: string | null;
    cost: Money | null;
    byok_cost: Money | null;
    data_as_of: string | null;
    complete: boolean;
    key_team: number | null;
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
 * A period's usage in total and by some dimensions, in one pass and one statement. Groups come by cost, greatest first, days in order.
 */
export async function groupUsage(
  viewer: TeamReader,
  period: Period,
  filter: UsageFilter,
  dimensions: readonly Dimension[],
) {
  const { columns, sets } = groupingOf(dimensions);
  const lines = await asked(sql()<Line[]>`
    with grouped as (
      select ${sql().unsafe(columns)}, count(*) as rows,
        sum(requests)::bigint as requests, sum(tokens_input)::bigint as tokens_input,
        sum(tokens_output)::bigint as tokens_output, sum(tokens_reasoning)::bigint as tokens_reasoning,
        sum(tokens_cached)::bigint as tokens_cached, sum(cost) as cost, sum(byok_cost) as byok_cost
      from (${usageRows(viewer, period, filter)}) used
      group by grouping sets (${sql().unsafe(sets)})
    )
    select g.*, keys.name as api_key_name,
      coalesce(round(100 * g.cost / nullif(total.cost, 0), 1), 0)::float8 as percentage_cost,
      case when total.requests = 0 then 0 else round(100.0 * g.requests / total.requests, 1) end::float8 as percentage_requests,
      ${contextColumns(viewer, filter)}
    from grouped g
    cross join (select cost, requests from grouped where kind = 'total') total
    left join api_keys keys on keys.id = g.api_key_id
    order by g.day, g.cost desc, g.model, keys.name, g.provider`);
  const total = lines.find((line) => line.kind === "total");
  checkKeyFilter(viewer, filter, total?.key_team);
  const of = (dimension: Dimension): Line[] => lines.filter((line) => line.kind === dimension);
  return {
    total: totalOf(total),
    data_as_of: total?.data_as_of ?? null,
    complete: total?.complete ?? false,
    models: of("model").map((line) => ({ model: line.model, ...sumsOf(line), ...sharesOf(line) })),
    keys: of("key").map((line) => ({
      api_key_id: Number(line.api_key_id),
      api_key_name: line.api_key_name ?? "",
      ...sumsOf(line),
      ...sharesOf(line),
    })),
    providers: of("provider").map((line) => ({ provider: line.provider, ...sumsOf(line), ...sharesOf(line) })),
    days: of("day").map((line) => ({ date: line.day ?? "", ...sumsOf(line) })),
  };
}

const sumsOf = (line: Line): Sums => ({
  requests: line.requests,
  tokens_input: line.tokens_input,
  tokens_output: line.tokens_output,
  tokens_reasoning: line.tokens_reasoning,
  tokens_cached: line.tokens_cached,
  cost: moneyToJson(line.cost ?? "0"),
  byok_cost: moneyToJson(line.byok_cost),
});

const sharesOf = (line: Line): Shares => ({
  percentage_cost: line.percentage_cost,
  percentage_requests: line.percentage_requests,
});

/** Where nothing was used, nothing was spent: zeroes, not unknowns. */
export const NOTHING: Sums = {
  requests: 0,
  tokens_input: 0,
  tokens_output: 0,
  tokens_reasoning: 0,
  tokens_cached: 0,
  cost: 0,
  byok_cost: 0,
};

function totalOf(line: Line | undefined): Total {
  if (!line || line.rows === 0) return { ...NOTHING, rows: 0 };
  return { ...sumsOf(line), rows: line.rows };
}
