import "server-only";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { isKeyOff, isOff, isPeriodOff } from "./bound";
import { COUNTED_PERIODS } from "./counted-periods";
import { readGaps } from "./gaps";
import type { KeyComparison, Reconciliation } from "./schema";
import { type Row, toAccount, toComparison, toKey } from "./view";

/**
 * Compares our sums with OpenRouter's own counters, per key, per account and in all, as both stood at the last sync: all time and the running day, week and
 * month. A difference above 0.01 USD and 0.1 % is marked; none is hidden.
 */
export async function readReconciliation(viewer: Viewer): Promise<Reconciliation> {
  const [rows, total, gaps] = await Promise.all([
    compare(viewer.teamId, null),
    compareTotal(viewer.teamId),
    readGaps(viewer),
  ]);
  return {
    keys: rows.filter((row) => row.kind === "inference").map(toKey),
    accounts: rows.filter((row) => row.kind === "management").map(toAccount),
    total: toComparison(total),
    gaps,
  };
}

/** The comparison of one key of the team; null when it has none. */
export async function readKeyReconciliation(viewer: Viewer, { id }: { id: number }): Promise<KeyComparison | null> {
  const [row] = await compare(viewer.teamId, id);
  return row ? toKey(row) : null;
}

const asOf = (column: string) => sql().unsafe(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);

const startOf = (period: string, time: string) => `date_trunc('${period}', ${time} at time zone 'UTC')::date`;

/** The counters of the team's keys; `latest` is the newest reading among those that are added up together. */
const counted = (teamId: number, together: string) => sql()`
  select c.*, k.management_key_id as account_id, k.is_active, max(c.read_at) over (${sql().unsafe(together)}) as latest
  from api_keys k join key_counters c on c.api_key_id = k.id where k.team_id = ${teamId} and k.kind = 'inference'`;

/** Sums of the running periods over the keys that were compared in the same one. */
const periodSums = () =>
  sql().unsafe(
    COUNTED_PERIODS.map(({ period, column }) => {
      const same = `drift_${column} is not null and ${startOf(period, "read_at")} = ${startOf(period, "latest")}`;
      return ["booked", "usage", "drift"]
        .map((figure) => `sum(${figure}_${column}) filter (where ${same}) as ${figure}_${column}`)
        .join(", ");
    }).join(", "),
  );

/** The running periods of a row as JSON, money as text; `at` is the reading that they are those of. */
const periodsOf = (row: string) => {
  const periods = COUNTED_PERIODS.map(
    ({ period, column }) => sql()`json_build_object('period', ${period}::text,
      'start_date', ${sql().unsafe(startOf(period, `${row}.period_at`))}, 'ours', ${sql().unsafe(`${row}.booked_${column}::text`)},
      'theirs', ${sql().unsafe(`${row}.usage_${column}::text`)}, 'drift', ${sql().unsafe(`${row}.drift_${column}::text`)},
      'is_off', ${isOff(`${row}.drift_${column}`, `${row}.usage_${column}`)})`,
  );
  const [day = sql()``, week = sql()``, month = sql()``] = periods;
  return sql()`case when ${sql().unsafe(row)}.period_at is null then '[]' else json_build_array(${day}, ${week}, ${month}) end`;
};

/**
 * One row per key, further management keys of an account left out. An account's own row compares the sum of all its keys, unattributed spend included, with
 * the credits OpenRouter says were used, and its keys' periods added up.
 */
function compare(teamId: number, id: number | null): Promise<Row[]> {
  return sql()<Row[]>`
    with counted as (${counted(teamId, "partition by k.management_key_id")}), account as (
      select account_id as id, sum(booked_cost) as booked_cost, sum(usage_before) as usage_before, max(latest) as latest, ${periodSums()}
      from counted where account_id is not null group by account_id
    ), figures as (
      select k.id, k.name, k.kind, k.measured_by, k.management_key_id as account_id, k.created_at, k.credits_total,
        k.credits_total - k.credits_used as credits_left, coalesce(c.byok_usage, 0) > 0 as has_byok,
        case when k.kind = 'management' then (select coalesce(sum(s.cost), 0) from usage_stats s where s.api_key_id = k.id) else 0 end as unattributed,
        coalesce(a.booked_cost, c.booked_cost, 0) as booked, coalesce(a.usage_before, c.usage_before, 0) as before,
        case when k.kind = 'management' then k.credits_used else c.usage end as theirs, c.drift as key_drift,
        ${coalesced()}, coalesce(c.read_at, k.credits_at) as at, coalesce(a.latest, c.read_at) as period_at
      from api_keys k left join account a on a.id = k.id left join key_counters c on c.api_key_id = k.id
      where k.team_id = ${teamId} and (${id}::int is null or k.id = ${id}::int)
        and not (k.kind = 'management' and k.management_key_id is not null)
    ), compared as (
      select f.*, booked + unattributed as ours, booked_daily as ours_today, usage_daily as theirs_today, drift_daily as drift_today,
        case when kind = 'management' then theirs - before - booked - unattributed else key_drift end as drift
      from figures f
    )
    select compared.*, ${isOff("drift", "theirs")} or ${isPeriodOff("compared")} as is_off, ${periodsOf("compared")} as periods,
      ${asOf("at")} as as_of from compared order by created_at desc, id desc`;
}

const coalesced = () =>
  sql().unsafe(
    COUNTED_PERIODS.flatMap(({ column }) =>
      ["booked", "usage", "drift"].map(
        (figure) => `coalesce(a.${figure}_${column}, c.${figure}_${column}) as ${figure}_${column}`,
      ),
    ).join(", "),
  );

/** All keys that were compared, added up; off also when a key that is watched is, which a large sum would hide. */
async function compareTotal(teamId: number): Promise<Omit<Row, "id" | "name" | "kind">> {
  const [row] = await sql()<Row[]>`
    with counted as (${counted(teamId, "")}), summed as (
      select coalesce(sum(booked_cost) filter (where drift is not null), 0) as ours, sum(usage) filter (where drift is not null) as theirs,
        coalesce(sum(usage_before), 0) as before, sum(drift) as drift, coalesce(bool_or(coalesce(byok_usage, 0) > 0), false) as has_byok,
        coalesce(bool_or(is_active and ${isKeyOff("counted")}), false) as is_any_off, min(read_at) as at, max(latest) as period_at, ${periodSums()}
      from counted
    )
    select summed.*, booked_daily as ours_today, usage_daily as theirs_today, drift_daily as drift_today, null as measured_by, 0 as unattributed,
      null as credits_total, null as credits_left, ${asOf("at")} as as_of, ${periodsOf("summed")} as periods,
      is_any_off or ${isOff("drift", "theirs")} or ${isPeriodOff("summed")} as is_off
    from summed`;
  if (!row) throw new Error("An aggregate always has a row");
  return row;
}
