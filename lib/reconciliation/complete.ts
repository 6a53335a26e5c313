import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";
import type { TeamReader } from "@/lib/access/viewer";
import { isKeyOff } from "./bound";

/**
 * Why the figures of a key may lack something, as a text in SQL on `api_keys k left join key_counters c`; null where nothing speaks against them. A further
 * management key of an account has no figures of its own, and a key that OpenRouter lists no longer is not read any more.
 */
export const gapOf = (): Fragment => sql()`
  case
    when k.kind = 'management' and k.management_key_id is not null then null
    when ${isKeyOff("c")} then 'off'
    when k.status = 'deleted' then null
    when k.last_synced_at is null then 'unread'
    when k.last_sync_error is not null then 'failed'
    when k.measured_by = 'activity' then 'fallback'
    when (
      select rk.status = 'failed' or rk.detail is not null from sync_run_keys rk
      -- Not a join: that would walk through the runs of all teams.
      where rk.api_key_id = k.id and (select r.finished_at from sync_runs r where r.id = rk.run_id) is not null
      order by rk.run_id desc limit 1
    ) then 'partial'
  end`;

/** Which keys `k` speak for a selection: one key and its account, or all that the team watches. */
export const keysOf = (viewer: TeamReader, apiKeyId: number | undefined): Fragment =>
  apiKeyId === undefined
    ? sql()`k.team_id = ${viewer.teamId} and k.is_active`
    : sql()`k.team_id = ${viewer.teamId} and k.id in (${apiKeyId}, (select management_key_id from api_keys where id = ${apiKeyId}))`;

/** A condition in SQL: whether nothing speaks against the figures of keys `k`. */
const isComplete = (keys: Fragment): Fragment => sql()`
  not exists (
    select from api_keys k left join key_counters c on c.api_key_id = k.id where ${keys} and ${gapOf()} is not null)`;

/** Whether the figures of a selection are complete, as a condition in SQL. */
export const isSelectionComplete = (viewer: TeamReader, apiKeyId: number | undefined): Fragment =>
  isComplete(keysOf(viewer, apiKeyId));

/** The same for each row of `api_keys`, called `table` by the statement. */
export const isRowComplete = (table: string): Fragment =>
  isComplete(sql().unsafe(`k.id in (${table}.id, ${table}.management_key_id)`));
