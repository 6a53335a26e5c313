import "server-only";
import { sql } from "@/db/client";
import type { TeamReader } from "@/lib/access/viewer";
import { moneyToJson } from "@/lib/base/money";
import { isOff } from "./bound";
import { gapOf, keysOf } from "./complete";
import { COUNTED_PERIODS } from "./counted-periods";
import type { Gap } from "./schema";

const comparisons = (): string =>
  COUNTED_PERIODS.map(
    ({ period, column }) =>
      `('${period}', date_trunc('${period}', c.read_at at time zone 'UTC')::date::text, c.drift_${column}, c.usage_${column})`,
  ).join(", ");

/**
 * The keys of a selection (one key and its account, or all that the team watches) whose figures may not be complete, and why; those that are off first, the
 * greatest difference first. None exactly when the selection is `complete`. USD.
 */
export async function readGaps(viewer: TeamReader, { api_key_id: id }: { api_key_id?: number | undefined } = {}) {
  const rows = await sql()<(Omit<Gap, "drift"> & { drift: string | null })[]>`
    select found.*, worst.period, worst.start_date, worst.drift from (
      select k.id as api_key_id, k.name as api_key_name, ${gapOf()} as reason
      from api_keys k left join key_counters c on c.api_key_id = k.id where ${keysOf(viewer, id)}
    ) found left join key_counters c on c.api_key_id = found.api_key_id
      left join lateral (
        select d.period, d.start_date, d.drift
        from (values ('all_time', null, c.drift, c.usage), ${sql().unsafe(comparisons())}) as d(period, start_date, drift, theirs)
        where found.reason = 'off' and ${isOff("d.drift", "d.theirs")} order by abs(d.drift) desc limit 1
      ) worst on true
    where found.reason is not null
    order by abs(worst.drift) desc nulls last, found.reason, found.api_key_name, found.api_key_id`;
  return rows.map((row): Gap => ({ ...row, drift: moneyToJson(row.drift) }));
}
