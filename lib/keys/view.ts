import "server-only";
import { sql } from "@/db/client";
import { moneyToJson } from "@/lib/money";
import type { KeyView } from "./schema";

type Money = "limit" | "limit_remaining" | "spend_today" | "spend_month";
type Row = Omit<KeyView, Money> & {
  limit: string | null;
  limit_remaining: string | null;
  spend_today: string;
  spend_month: string;
};

const iso = (column: string) =>
  sql().unsafe(`to_char(k.${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${column}`);

/** The columns that leave, for `select … from api_keys k`. Ciphertext and hash are not among them. */
const columns = () => sql()`
  k.id, k.name, k.description, k.kind, k.is_active, k.status, k.status_detail, k.label, k.limit_reset, k.management_key_id,
  k.ciphertext is not null as has_secret, coalesce(k.workspace_name, k.workspace_id) as workspace, k.measured_by, k.last_sync_error,
  k.credit_limit as limit, k.limit_remaining,
  ${iso("created_at")}, ${iso("last_used_at")}, ${iso("last_synced_at")}, ${iso("checked_at")}, ${iso("expires_at")},
  (select coalesce(sum(cost), 0) from usage_stats s where s.api_key_id = k.id and s.date = (now() at time zone 'UTC')::date) as spend_today,
  (select coalesce(sum(cost), 0) from usage_stats s where s.api_key_id = k.id
    and s.date >= date_trunc('month', now() at time zone 'UTC')::date) as spend_month`;

function toView(row: Row): KeyView {
  return {
    ...row,
    limit: moneyToJson(row.limit),
    limit_remaining: moneyToJson(row.limit_remaining),
    spend_today: moneyToJson(row.spend_today),
    spend_month: moneyToJson(row.spend_month),
  };
}

/** One key of a team, or undefined. */
export async function findKey(teamId: number, id: number): Promise<KeyView | undefined> {
  const [row] = await sql()<Row[]>`select ${columns()} from api_keys k where k.id = ${id} and k.team_id = ${teamId}`;
  return row && toView(row);
}

/** A page of a team's keys, newest first. */
export async function findKeys(teamId: number, limit: number, offset: number): Promise<KeyView[]> {
  const rows = await sql()<Row[]>`
    select ${columns()} from api_keys k where k.team_id = ${teamId}
    order by k.created_at desc, k.id desc limit ${limit} offset ${offset}`;
  return rows.map(toView);
}
