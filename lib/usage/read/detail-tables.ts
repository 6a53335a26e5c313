import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";
import type { TeamReader } from "@/lib/access/viewer";
import type { FileOptions } from "@/lib/export/schema";
import type { Column, ColumnType, Row, Table } from "@/lib/export/table";
import { SPEED_FIGURES } from "@/lib/usage/figures";
import { columnType } from "@/lib/usage/present/columns";
import type { Selected } from "./list-selection";
import { bookedModels } from "./model-names";

/** Tables of what OpenRouter keeps for 31 days only, as they are stored: none of it is added up. */

type Details = Pick<Selected, "start_date" | "end_date" | "timezone" | "key" | "model">;

const ROWS_AT_ONCE = 500;

const column = (name: string, type: ColumnType = columnType(name)): Column => ({ name, type });

/**
 * How fast models answered: per UTC hour, model and provider of an account, and per UTC day and key. JSON formats have
 * the figures as an object, the others as one column for each known figure.
 */
export function performanceTable(viewer: TeamReader, input: Details, format: FileOptions["format"]): Table {
  const { start_date, end_date, timezone } = input;
  const figures =
    format === "json" || format === "ndjson"
      ? [column("figures", "json")]
      : SPEED_FIGURES.map((name) => column(name, "number"));
  const asText = figures.map(({ name, type }) =>
    type === "json" ? "figures::text as figures" : `figures->>'${name}' as ${name}`,
  );
  const rows = sql()<Row[]>`
    select api_key_id, name as api_key_name, granularity,
      to_char(bucket at time zone 'UTC', case granularity when 'hour' then 'YYYY-MM-DD"T"HH24:MI:SS"Z"' else 'YYYY-MM-DD' end) as bucket,
      model, provider, requests, ${sql().unsafe(asText.join(", "))}
    from performance join (select id, name from api_keys) keys on id = api_key_id
    where ${selectedBy(viewer, input)}
      and bucket >= ((${start_date}::date - 1)::timestamp at time zone 'UTC') and bucket < ((${end_date}::date + 2)::timestamp at time zone 'UTC')
      and (bucket at time zone case granularity when 'hour' then ${timezone} else 'UTC' end)::date between ${start_date} and ${end_date}
    order by performance.bucket desc, api_key_name, model nulls last, provider nulls last, api_key_id, granularity`;
  const named = ["api_key_id", "api_key_name", "granularity"].map((name) => column(name));
  const rest = ["model", "provider", "requests"].map((name) => column(name));
  return {
    title: "Performance",
    columns: [...named, column("bucket", "date"), ...rest, ...figures],
    rows: rows.cursor(ROWS_AT_ONCE),
  };
}

/** Usage per UTC day by finish reason, app, origin and so on; a value of null is the unset part. */
export function breakdownTable(viewer: TeamReader, input: Details): Table {
  const { start_date, end_date } = input;
  const rows = sql()<Row[]>`
    select api_key_id, name as api_key_name, date::text as date, dimension, value, model, requests, tokens_input, tokens_output, cost
    from breakdown_days join (select id, name from api_keys) keys on id = api_key_id
    where ${selectedBy(viewer, input)} and date between ${start_date} and ${end_date}
    order by breakdown_days.date desc, api_key_name, dimension, value nulls last, model nulls last, api_key_id`;
  return { title: "Breakdown", columns: BREAKDOWN.map((name) => column(name)), rows: rows.cursor(ROWS_AT_ONCE) };
}

const BREAKDOWN = [
  "api_key_id",
  "api_key_name",
  "date",
  "dimension",
  "value",
  "model",
  "requests",
  "tokens_input",
  "tokens_output",
  "cost",
];

const selectedBy = (viewer: TeamReader, { key, model }: Details): Fragment => sql()`
  team_id = ${viewer.teamId}
  ${key.length > 0 ? sql()`and api_key_id = any(${[...key]}::int[])` : sql()``}
  ${model.length > 0 ? sql()`and model = any(${bookedModels(model)})` : sql()``}`;
