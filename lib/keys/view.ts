import "server-only";
import { sql } from "@/db/client";
import { directed, type Fragment } from "@/db/fragment";
import { moneyToJson } from "@/lib/base/money";
import type { Page } from "@/lib/base/page";
import { columnOf } from "@/lib/base/sort";
import { isoDate } from "@/lib/base/time";
import { datesOfPreset } from "@/lib/usage/presets";
import type { KeyColumn, KeySort, KeyState, KeyView } from "./schema";

type Money = "limit" | "limit_remaining" | "spend_today" | "spend_month";
type Row = Omit<KeyView, Money> & {
  limit: string | null;
  limit_remaining: string | null;
  spend_today: string | null;
  spend_month: string | null;
};

const iso = (value: string, name: string) =>
  sql().unsafe(`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${name}`);

/** When OpenRouter made the key, where it says so. */
const MADE = "coalesce(k.upstream_created_at, k.created_at)";

/** What a key has cost from a UTC date on; null where nothing was read since, for then nobody knows. */
const spendSince = (date: string) => sql()`
  (select case when k.last_synced_at >= ${`${date}T00:00:00Z`}::timestamptz then coalesce(sum(cost), 0) else sum(cost) end
    from usage_stats s where s.api_key_id = k.id and s.date >= ${date}::date)`;

/** The columns that leave, for `select … from api_keys k`. Ciphertext and hash are not among them. */
const columns = (today = isoDate(new Date())) => sql()`
  k.id, k.name, k.description, k.kind, k.is_active, k.status, k.status_detail, k.label, k.limit_reset, k.management_key_id,
  k.ciphertext is not null as has_secret, coalesce(k.workspace_name, k.workspace_id) as workspace, k.measured_by, k.measured_detail, k.last_sync_error,
  k.credit_limit as limit, k.limit_remaining,
  ${iso(MADE, "created_at")}, ${iso("k.created_at", "added_at")}, ${iso("k.last_used_at", "last_used_at")}, ${iso("k.last_synced_at", "last_synced_at")}, ${iso("k.checked_at", "checked_at")}, ${iso("k.expires_at", "expires_at")},
  ${spendSince(today)} as spend_today, ${spendSince(datesOfPreset("month", today).start_date)} as spend_month`;

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

/** Which keys, and in which order. */
export type KeyChoice = { q?: string | undefined; status?: KeyState | undefined; sort?: KeySort | undefined };

const chosen = (teamId: number, { q, status }: KeyChoice) => sql()`
  k.team_id = ${teamId}
  ${status ? sql()`and case when k.is_active then k.status else 'inactive' end = ${status}` : sql()``}
  ${q ? sql()`and strpos(lower(concat_ws(chr(10), k.name, k.description, k.label, k.workspace_name)), lower(${q}::text)) > 0` : sql()``}`;

const ORDERS: Record<KeyColumn, () => Fragment> = {
  name: () => sql()`lower(k.name)`,
  spend_month: () => sql()`spend_month`,
  last_used_at: () => sql()`k.last_used_at`,
  created_at: () => sql().unsafe(MADE),
};

function orderOf(sort: KeySort): Fragment {
  return sql()`${directed(ORDERS[columnOf<KeyColumn>(sort)](), sort)}, ${directed(sql()`k.id`, sort)}`;
}

/** How many of a team's keys are chosen. */
export async function countKeys(teamId: number, choice: KeyChoice): Promise<number> {
  const [row] = await sql()<{ total: number }[]>`
    select count(*)::int as total from api_keys k where ${chosen(teamId, choice)}`;
  return row?.total ?? 0;
}

/** A page of a team's keys, newest first unless another order is asked for. */
export async function findKeys(teamId: number, choice: KeyChoice, { page, limit }: Page): Promise<KeyView[]> {
  const rows = await sql()<Row[]>`
    select ${columns()} from api_keys k where ${chosen(teamId, choice)}
    order by ${orderOf(choice.sort ?? "-created_at")} limit ${limit} offset ${(page - 1) * limit}`;
  return rows.map(toView);
}
