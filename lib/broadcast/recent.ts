import "server-only";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { moneyToJson } from "@/lib/base/money";
import type { LiveFilter, LiveRequest } from "./live";

/** Rows of one answer: what a page can show. */
export const MOST_REQUESTS = 200;
/** A delivery may be committed a little after one that came later: so far back is read again, and the page drops what it has. */
const OVERLAP = "5 seconds";

type Row = Omit<LiveRequest, "cost" | "is_error"> & { cost: string | null; is_error: number };

/** The team's requests by arrival, newest first; with `since`, those that arrived from then on. Times UTC, cost USD, null = not told. */
export async function listRecentRequests(viewer: Viewer, { key_id: keyId, since }: LiveFilter): Promise<LiveRequest[]> {
  const rows = await sql()<Row[]>`
    select g.id, ${iso("started_at")}, ${iso("received_at")}, g.api_key_id, coalesce(k.name, g.api_key_name) as key_name, g.model, g.provider,
      g.tokens_input, g.tokens_output, g.cost, g.latency_ms, g.first_token_ms, g.finish_reason, g.is_error
    from generations g left join api_keys k on k.id = g.api_key_id
    where g.team_id = ${viewer.teamId}
      and (${keyId ?? null}::int is null or g.api_key_id = ${keyId ?? null})
      and (${since ?? null}::timestamptz is null or g.received_at >= ${since ?? null}::timestamptz - ${OVERLAP}::interval)
    order by g.received_at desc nulls last, g.id desc limit ${MOST_REQUESTS}`;
  return rows.map((row) => ({ ...row, cost: moneyToJson(row.cost), is_error: row.is_error !== 0 }));
}

const iso = (column: string) =>
  sql().unsafe(`to_char(g.${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ${column}`);

/** The team's keys for a filter, and how its requests stand with them: how many of the last day are of no key we know. */
export async function readLiveState(viewer: Viewer) {
  const [keys, [state]] = await Promise.all([
    sql()<{ id: number; name: string }[]>`
      select id, name from api_keys where team_id = ${viewer.teamId} and kind = 'inference' and status <> 'deleted' order by name, id`,
    sql()<{ connections: number; names: string[] }[]>`
      select (select count(*)::int from broadcast_connections where team_id = ${viewer.teamId}) as connections,
        array(select distinct coalesce(api_key_name, '') from generations
          where team_id = ${viewer.teamId} and api_key_id is null and received_at > now() - interval '1 day' order by 1 limit 10) as names`,
  ]);
  return { keys: [...keys], connections: state?.connections ?? 0, unmatchedNames: state?.names.filter(Boolean) ?? [] };
}
