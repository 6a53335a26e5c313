import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";
import type { TeamReader } from "@/lib/auth/viewer";
import { pageOf } from "@/lib/http/page";
import { type Money, moneyToJson } from "@/lib/money";
import { bookedModels } from "./model-names";
import { selectedPeriod } from "./period";
import { selectedFirst, usageRows } from "./rows";
import type { StatsSort, StatsView } from "./stats-view";

export type Selected = Pick<StatsView, "start_date" | "end_date" | "key" | "model" | "provider" | "group"> & {
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

const SUMS = `sum(requests)::bigint as requests, sum(tokens_input)::bigint as tokens_input, sum(tokens_output)::bigint as tokens_output,
  case when count(tokens_input) + count(tokens_output) > 0 then (coalesce(sum(tokens_input), 0) + coalesce(sum(tokens_output), 0))::bigint end
    as tokens_total, sum(cost) as cost`;

const GROUPED = {
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
    with selected as materialized (${selectedRows(viewer, input)})
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

/** Every row of the selection in its order, some hundred at a time: memory stays the same however many there are. Cost is exact text. */
export function readSelection(viewer: TeamReader, input: Selected & { sort: StatsSort }): AsyncIterable<Line[]> {
  return sql()<Line[]>`
    select date, api_key_name, model, provider, requests, tokens_input, tokens_output, tokens_total, cost::text as cost
    from (${selectedRows(viewer, input)}) selected order by ${orderOf(input.sort)}`.cursor(ROWS_AT_ONCE);
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

function selectedRows(viewer: TeamReader, input: Selected): Fragment {
  const group = input.group;
  const by = sql().unsafe(GROUPED[group]);
  const has = (column: string) => group === "none" || column === GROUPED[group];
  return sql()`
    select ${has("day") ? sql()`day::text` : sql()`null::text`} as date,
      ${has("api_key_id") ? sql()`(select name from api_keys where id = api_key_id)` : sql()`null::text`} as api_key_name,
      ${has("model") ? sql()`model` : sql()`null::text`} as model,
      ${has("provider") ? sql()`provider` : sql()`null::text`} as provider,
      ${sql().unsafe(SUMS)}
    from (${usageRows(viewer, selectedPeriod(input), {})}) used
    where true
      ${input.key.length > 0 ? sql()`and api_key_id = any(${input.key}::int[])` : sql()``}
      ${input.model.length > 0 ? sql()`and model = any(${bookedModels(input.model)})` : sql()``}
      ${input.provider.length > 0 ? sql()`and provider = any(${input.provider}::text[])` : sql()``}
    group by ${by}`;
}

/** What the chosen column leaves open is settled by the others, so that pages never overlap. */
function orderOf(sort: StatsSort): Fragment {
  return sql()`${selectedFirst(sort)}, date desc nulls last, api_key_name, model nulls last, provider nulls last`;
}
