import "server-only";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/auth/viewer";
import { moneyToJson } from "@/lib/money";
import type { AccountComparison, Comparison, KeyComparison, Reason, Reconciliation } from "./schema";

type Row = {
  id: number;
  name: string;
  kind: "inference" | "management";
  measured_by: string | null;
  account_id: number | null;
  ours: string;
  theirs: string | null;
  before: string;
  ours_today: string | null;
  theirs_today: string | null;
  drift: string | null;
  drift_today: string | null;
  is_off: boolean;
  has_byok: boolean;
  unattributed: string;
  credits_total: string | null;
  credits_left: string | null;
  as_of: string | null;
};

/**
 * Holds our sums against OpenRouter's own counters, per key, per account and in all, as both stood at the last sync. A difference above 0.01 USD and 0.1 % is
 * marked; none is hidden.
 */
export async function readReconciliation(viewer: Viewer): Promise<Reconciliation> {
  const rows = await compare(viewer.teamId);
  const inference = rows.filter((row) => row.kind === "inference");
  return {
    keys: inference.map(toKey),
    accounts: rows.filter((row) => row.kind === "management" && row.account_id === null).map(toAccount),
    total: toComparison(await total(viewer.teamId)),
  };
}

/** The comparison of one key of the team; null when it has none. */
export async function readKeyReconciliation(viewer: Viewer, { id }: { id: number }): Promise<KeyComparison | null> {
  const [row] = (await compare(viewer.teamId)).filter((one) => one.id === id);
  return row ? toKey(row) : null;
}

/** Where a difference begins to count. */
const isOff = (drift: string, theirs: string) =>
  sql().unsafe(`coalesce(abs(${drift}) > greatest(0.01, 0.001 * coalesce(${theirs}, 0)), false)`);

const asOf = (column: string) => sql().unsafe(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);

/**
 * One row per key. An account's own row compares the sum of all its keys, unattributed spend included, with the credits OpenRouter says were used.
 */
function compare(teamId: number): Promise<Row[]> {
  return sql()<Row[]>`
    with account as (
      select m.id, sum(c.booked_cost) + (select coalesce(sum(s.cost), 0) from usage_stats s where s.api_key_id = m.id) as ours,
        sum(c.usage_before) as before, sum(c.booked_daily) as ours_today, sum(c.usage_daily) as theirs_today
      from api_keys m join api_keys k on k.management_key_id = m.id left join key_counters c on c.api_key_id = k.id
      where m.team_id = ${teamId} group by m.id
    ), compared as (
      select k.id, k.name, k.kind, k.measured_by, k.management_key_id as account_id, k.created_at,
        coalesce(a.ours, c.booked_cost, 0) as ours, case when k.kind = 'management' then k.credits_used else c.usage end as theirs,
        coalesce(a.before, c.usage_before, 0) as before, coalesce(a.ours_today, c.booked_daily) as ours_today,
        coalesce(a.theirs_today, c.usage_daily) as theirs_today,
        case when k.kind = 'management' then k.credits_used - coalesce(a.before, 0) - coalesce(a.ours, 0) else c.drift end as drift,
        case when k.kind = 'management' then null else c.drift_daily end as drift_today,
        coalesce(c.byok_usage, 0) > 0 as has_byok, k.credits_total, k.credits_total - k.credits_used as credits_left,
        case when k.kind = 'management' then (select coalesce(sum(s.cost), 0) from usage_stats s where s.api_key_id = k.id) else 0 end as unattributed,
        coalesce(c.read_at, k.credits_at) as at
      from api_keys k left join account a on a.id = k.id left join key_counters c on c.api_key_id = k.id
      where k.team_id = ${teamId}
    )
    select *, ${isOff("drift", "theirs")} as is_off, ${asOf("at")} as as_of from compared order by created_at desc, id desc`;
}

/** All keys that were compared, added up. */
async function total(teamId: number): Promise<Omit<Row, "id" | "name" | "kind">> {
  const [row] = await sql()<Row[]>`
    with summed as (
      select coalesce(sum(booked_cost), 0) as ours, sum(usage) as theirs, coalesce(sum(usage_before), 0) as before,
        sum(booked_daily) as ours_today, sum(usage_daily) as theirs_today, sum(drift) as drift, sum(drift_daily) as drift_today,
        bool_or(coalesce(byok_usage, 0) > 0) as has_byok, min(read_at) as at
      from key_counters c join api_keys k on k.id = c.api_key_id where team_id = ${teamId} and kind = 'inference' and drift is not null
    )
    select *, null as measured_by, 0 as unattributed, null as credits_total, null as credits_left,
      ${isOff("drift", "theirs")} as is_off, ${asOf("at")} as as_of from summed`;
  if (!row) throw new Error("An aggregate always has a row");
  return row;
}

function toComparison(row: Omit<Row, "id" | "name" | "kind">): Comparison {
  return {
    ours: moneyToJson(row.ours),
    theirs: moneyToJson(row.theirs),
    before: moneyToJson(row.before),
    ours_today: moneyToJson(row.ours_today),
    theirs_today: moneyToJson(row.theirs_today),
    drift: moneyToJson(row.drift),
    drift_today: moneyToJson(row.drift_today),
    is_off: row.is_off,
    reasons: reasonsOf(row),
    data_as_of: row.as_of,
  };
}

const toKey = (row: Row): KeyComparison => ({ api_key_id: row.id, api_key_name: row.name, ...toComparison(row) });

const toAccount = (row: Row): AccountComparison => ({
  ...toKey(row),
  // Credits are counted for life; what unlisted keys spent before our history began is nowhere else to be seen.
  reasons: row.is_off && Number(row.drift) > 0 ? [...new Set<Reason>(["history", ...reasonsOf(row)])] : reasonsOf(row),
  unattributed: moneyToJson(row.unattributed),
  credits_total: moneyToJson(row.credits_total),
  credits_left: moneyToJson(row.credits_left),
});

function reasonsOf(row: Omit<Row, "id" | "name" | "kind">): Reason[] {
  const reasons: Reason[] = [];
  if (row.as_of === null) return ["unsynced"];
  if (Number(row.before) > 0) reasons.push("history");
  if (row.measured_by === "sample") reasons.push("sampled");
  if (row.is_off && row.has_byok) reasons.push("byok");
  if (row.is_off) reasons.push("late_rows");
  return reasons;
}
