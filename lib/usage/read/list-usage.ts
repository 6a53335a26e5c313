import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";
import { withTimezoneErrors } from "@/db/timezone";
import type { TeamReader } from "@/lib/access/viewer";
import { type Money, moneyToJson } from "@/lib/base/money";
import { type Page, pageOf } from "@/lib/base/page";
import { type Period, selectedPeriod } from "@/lib/usage/period";
import type { UsageFilter, UsageSort } from "@/lib/usage/schema";
import { checkKeyFilter, contextColumns, selectedFirst, usageRows } from "./rows";

export type Selection = UsageFilter & {
  start_date: string;
  end_date: string;
  timezone?: string | undefined;
  group_by?: "day" | "hour" | undefined;
};

/**
 * A usage row as it leaves: `date` is the day, or in an hourly list the UTC hour; null = not reported; cost in USD. `id` names a daily row
 * of UTC days and is null for others.
 */
export type UsageItem = {
  id: number | null;
  api_key_id: number;
  api_key_name: string;
  date: string;
  model: string | null;
  provider: string | null;
  requests: number | null;
  tokens_input: number | null;
  tokens_output: number | null;
  cost: number;
};

type Line = Omit<UsageItem, "cost"> & { cost: Money };

/** A page of the selected rows, newest day first, then key name, then model, unless another order is asked for. */
export async function listUsage(viewer: TeamReader, input: Selection & Page & { sort?: UsageSort }) {
  const period = selectedPeriod(input);
  const { page, limit } = input;
  const [found] = await withTimezoneErrors(sql()<{ total: number; items: Line[] | null; key_team: number | null }[]>`
    with selected as materialized (${selectedUsage(viewer, period, input)})
    select (select count(*) from selected) as total, ${contextColumns(viewer, input)},
      (select json_agg(page) from (
        select id, api_key_id, api_key_name, date, model, provider, requests, tokens_input, tokens_output, cost::text as cost
        from selected order by ${orderOf(input.sort)} limit ${limit} offset ${(page - 1) * limit}
      ) page) as items`);
  checkKeyFilter(viewer, input, found?.key_team);
  const items = (found?.items ?? []).map((line): UsageItem => ({ ...line, cost: moneyToJson(line.cost) }));
  return pageOf(items, input, found?.total ?? 0);
}

/**
 * The selected rows as a sub-select: one per key, model, provider and day of the timezone (or UTC hour). Cost stays exact.
 */
export function selectedUsage(viewer: TeamReader, period: Period, input: Selection): Fragment {
  const hourly = input.group_by === "hour";
  const date = hourly
    ? sql()`coalesce(to_char(hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), day::text)`
    : sql()`day::text`;
  return sql()`
    select id, api_key_id, keys.name as api_key_name, date, model, provider, requests, tokens_input, tokens_output, cost
    from (
      select min(id) as id, api_key_id, ${date} as date, model, provider, sum(requests)::bigint as requests,
        sum(tokens_input)::bigint as tokens_input, sum(tokens_output)::bigint as tokens_output, sum(cost) as cost
      from (${usageRows(viewer, period, input, hourly)}) rows
      group by 2, 3, 4, 5
    ) used
    join (select id as key_id, name from api_keys where team_id = ${viewer.teamId}) keys on keys.key_id = used.api_key_id`;
}

/** The order of a list; what the chosen column leaves open is settled by day, key name, model and provider, so that pages never overlap. */
export function orderOf(sort: UsageSort = "-date"): Fragment {
  return sql()`${selectedFirst(sort)}, date desc, api_key_name, model nulls last, provider nulls last, api_key_id`;
}
