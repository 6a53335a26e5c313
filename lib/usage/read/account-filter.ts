import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";
import type { TeamReader } from "@/lib/access/viewer";
import { refused } from "@/lib/usage/period";
import type { UsageFilter } from "@/lib/usage/schema";
import { checkKeyFilter } from "./rows";

/**
 * The account (its management key) that a filter by a key means, where OpenRouter keeps figures per account only; undefined = all. A management key means
 * its account; a key that is none is refused with 422.
 */
export async function accountOf(viewer: TeamReader, filter: UsageFilter): Promise<number | undefined> {
  if (filter.api_key_id === undefined) return undefined;
  const [key] = await sql()<{ team_id: number; kind: string; account: number }[]>`
    select team_id, kind, coalesce(management_key_id, id) as account from api_keys where id = ${filter.api_key_id}`;
  checkKeyFilter(viewer, filter, key?.team_id);
  if (key?.kind === "management") return key.account;
  throw refused("api_key_id", "must be a management key here, because OpenRouter keeps these figures per account");
}

/** The condition on the viewer's rows, all or those of one key. */
export const ownRows = (viewer: TeamReader, apiKeyId: number | undefined): Fragment => sql()`
  team_id = ${viewer.teamId} ${apiKeyId === undefined ? sql()`` : sql()`and api_key_id = ${apiKeyId}`}`;

/** When the figures that OpenRouter keeps for 31 days only were last read, and of which UTC day. */
export const detailsReadColumns = (viewer: TeamReader): Fragment => sql()`
  (select to_char(max(details_read_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from api_keys where team_id = ${viewer.teamId}) as data_as_of,
  (select (max(details_read_at) at time zone 'UTC')::date from api_keys where team_id = ${viewer.teamId}) as last_day`;
