import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";
import type { TeamReader } from "@/lib/access/viewer";
import { type Money, moneyToJson } from "@/lib/base/money";
import { pageOf } from "@/lib/base/page";
import type { Row } from "@/lib/export/table";
import { selectedPeriod } from "@/lib/usage/period";
import { columnType, isFigure, type UsageColumn } from "@/lib/usage/present/columns";
import type { StatsSort, StatsView } from "@/lib/usage/present/stats-view";
import { bookedModels } from "./model-names";
import { selectedFirst, usageRows } from "./rows";

/** Filters by lists (empty: no filter) and a grouping; `hour` is as `none`, per UTC hour instead of per day. */
export type Selected = Pick<StatsView, "start_date" | "end_date" | "key" | "model" | "provider"> & {
  group: StatsView["group"] | "hour";
  timezone: string;
};

/** A row of the statistics; what the grouping leaves out is null, as is what was not reported. Cost in USD. */
export type SelectedRow = {
  date: string | null;
  api_key_name: string | null;
  model: string | null;
  provider: string | null;
  requests: number | null;
  tokens_input: number | null;
  tokens_output: number | null;
  tokens_total: number | null;
  cost: number;
};

type Line = Omit<SelectedRow, "cost"> & { cost: Money };
type Totals = Pick<SelectedRow, "requests" | "tokens_input" | "tokens_output" | "tokens_total" | "cost"> & {
  rows: number;
};

const GROUPED = {
  hour: "hour, day, api_key_id, model, provider",
  none: "day, api_key_id, model, provider",
  day: "day",
  key: "api_key_id",
  model: "model",
  provider: "provider",
} as const;

/** A page of the selection, and what all of it adds up to. */
export async function listSelection(
  viewer: TeamReader,
  input: Selected & { sort: StatsSort; page: number; limit: number },
) {
  const { page, limit, sort } = input;
  const [found] = await sql()<{ items: Line[] | null; totals: Omit<Totals, "cost"> & { cost: Money | null } }[]>`
    with selected as materialized (${selectedRows(viewer, input, SHOWN)})
    select
      (select json_agg(page) from (
        select date, api_key_name, model, provider, requests, tokens_input, tokens_output, tokens_total, cost::text as cost
        from selected order by ${orderOf(sort)} limit ${limit} offset ${(page - 1) * limit}
      ) page) as items,
      (select json_build_object('rows', count(*), 'requests', sum(requests), 'tokens_input', sum(tokens_input),
        'tokens_output', sum(tokens_output), 'tokens_total', sum(tokens_total), 'cost', sum(cost)::text) from selected) as totals`;
  const items = (found?.items ?? []).map((line): SelectedRow => ({ ...line, cost: moneyToJson(line.cost) }));
  const rows = found?.totals.rows ?? 0;
  const totals: Totals =
    found && rows > 0
      ? { ...found.totals, cost: moneyToJson(found.totals.cost ?? "0") }
      : { rows: 0, requests: 0, tokens_input: 0, tokens_output: 0, tokens_total: 0, cost: 0 };
  return { ...pageOf(items, input, rows), totals };
}

/**
 * Reads every row of the selection with at least these columns, a few hundred at a time to keep memory constant. Money is
 * exact text; hours are UTC times.
 */
export function readSelection(
  viewer: TeamReader,
  input: Selected & { sort: StatsSort },
  columns: readonly UsageColumn[] = [],
): AsyncIterable<Row[]> {
  const rows = selectedRows(viewer, input, [...SHOWN, ...columns]);
  return sql()<Row[]>`select * from (${rows}) selected order by ${orderOf(input.sort)}`.cursor(ROWS_AT_ONCE);
}

const ROWS_AT_ONCE = 500;

/** Models and providers that there are to choose from. */
export async function listChoices(viewer: TeamReader): Promise<{ models: string[]; providers: string[] }> {
  const [row] = await sql()<{ models: string[] | null; providers: string[] | null }[]>`
    select
      (select json_agg(distinct model order by model) from usage_stats where team_id = ${viewer.teamId} and model is not null) as models,
      (select json_agg(distinct provider order by provider) from usage_stats where team_id = ${viewer.teamId} and provider is not null) as providers`;
  return { models: row?.models ?? [], providers: row?.providers ?? [] };
}

const SHOWN: readonly UsageColumn[] = ["requests", "tokens_input", "tokens_output", "tokens_total", "cost"];

const TOKENS_TOTAL = `case when count(tokens_input) + count(tokens_output) > 0
  then (coalesce(sum(tokens_input), 0) + coalesce(sum(tokens_output), 0))::bigint end as tokens_total`;

/** The sum of a figure; null when no row reports it. */
function sumOf(column: UsageColumn): string {
  if (column === "tokens_total") return TOKENS_TOTAL;
  return `sum(${column})${columnType(column) === "count" ? "::bigint" : ""} as ${column}`;
}

/** The groups as a sub-select: what names them (null where the grouping leaves it out) and sums of the figures asked. */
function selectedRows(viewer: TeamReader, input: Selected, columns: readonly UsageColumn[]): Fragment {
  const { group, key, model, provider } = input;
  const by = sql().unsafe(GROUPED[group]);
  const has = (column: string) => GROUPED[group].split(", ").includes(column);
  const sums = [...new Set(columns)].filter(isFigure).map(sumOf).join(", ");
  return sql()`
    select used.*, keys.name as api_key_name
    from (
      select ${dateOf(group)} as date, ${has("api_key_id") ? sql()`api_key_id` : sql()`null::int as api_key_id`},
        ${has("model") ? sql()`model` : sql()`null as model`}, ${has("provider") ? sql()`provider` : sql()`null as provider`},
        ${sql().unsafe(sums)}
      from (${usageRows(viewer, selectedPeriod(input), {}, group === "hour")}) rows
      where true
        ${key.length > 0 ? sql()`and api_key_id = any(${key}::int[])` : sql()``}
        ${model.length > 0 ? sql()`and model = any(${bookedModels(model)})` : sql()``}
        ${provider.length > 0 ? sql()`and provider = any(${provider}::text[])` : sql()``}
      group by ${by}
    ) used
    left join api_keys keys on keys.id = used.api_key_id`;
}

function dateOf(group: Selected["group"]): Fragment {
  if (group === "hour")
    return sql()`coalesce(to_char(hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), day::text)`;
  return group === "none" || group === "day" ? sql()`day::text` : sql()`null::text`;
}

/** What the chosen column leaves open is settled by the others, so that pages never overlap. */
function orderOf(sort: StatsSort): Fragment {
  return sql()`${selectedFirst(sort)}, date desc nulls last, api_key_name, model nulls last, provider nulls last, api_key_id`;
}
