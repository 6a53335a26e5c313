import "server-only";
import type postgres from "postgres";
import { sql } from "@/db/client";
import { addHours } from "@/lib/base/time";
import { MEASURE_COLUMNS } from "@/lib/usage/measures";
import { rollUp } from "@/lib/usage/write/ingest-usage";

type Transaction = postgres.TransactionSql<{ bigint: number }>;

/** Usage that was booked under another name of a model is joined under its slug: one model is one row. Answers how many teams had some. */
export async function joinModelNames(): Promise<number> {
  const teams = await sql()<{ id: number }[]>`
    select distinct u.team_id as id from usage_stats u join model_names n on n.name = u.model and n.model_id <> n.name
    union select distinct g.team_id from generations g join model_names n on n.name = g.model and n.model_id <> n.name order by 1`;
  for (const { id } of teams) await sql().begin((transaction) => joinTeam(transaction as Transaction, id));
  return teams.length;
}

async function joinTeam(transaction: Transaction, teamId: number): Promise<void> {
  const keys = await transaction<{ id: number }[]>`
    select id from api_keys where team_id = ${teamId} order by id for no key update`;
  const apiKeyIds = keys.map(({ id }) => id);
  const columns = transaction.unsafe(MEASURE_COLUMNS.join(", "));
  const sums = transaction.unsafe(MEASURE_COLUMNS.map((column) => `sum(${column}) as ${column}`).join(", "));
  const added = transaction.unsafe(
    MEASURE_COLUMNS.map(
      (column) => `${column} = coalesce(u.${column} + excluded.${column}, u.${column}, excluded.${column})`,
    ).join(", "),
  );
  const [moved] = await transaction<{ first: string | null; last: string | null }[]>`
    with moved as (
      delete from usage_hours h using model_names n
      where h.api_key_id = any(${apiKeyIds}::int[]) and h.model = n.name and n.model_id <> n.name
      returning h.*, n.model_id
    ), joined as (
      insert into usage_hours as u (team_id, api_key_id, hour, granularity, model, provider, source, ${columns})
      select team_id, api_key_id, hour, min(granularity), model_id, provider, min(source), ${sums} from moved
      group by team_id, api_key_id, hour, model_id, provider
      on conflict on constraint usage_hours_identity do update set ${added}
    )
    select min(hour) as first, max(hour) as last from moved`;
  if (moved?.first && moved.last) {
    const window = { start: new Date(moved.first), end: addHours(new Date(moved.last), 1) };
    await rollUp(transaction, { teamId, apiKeyIds, ...window });
  }
  await transaction`
    update generations g set model = n.model_id from model_names n
    where g.team_id = ${teamId} and g.model = n.name and n.model_id <> n.name`;
  await transaction`update teams set data_version = data_version + 1 where id = ${teamId}`;
}
