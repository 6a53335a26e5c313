import "server-only";
import { sql } from "@/db/client";
import type { TeamReader } from "@/lib/access/viewer";
import { type Money, moneyToJson } from "@/lib/base/money";
import { type Page, pageOf } from "@/lib/base/page";
import { isRowComplete } from "@/lib/reconciliation/complete";

type Line = {
  id: number;
  name: string;
  is_active: boolean;
  status: string;
  requests: number | null;
  tokens: number | null;
  cost: Money | null;
  is_used: boolean;
  complete: boolean;
  is_read: boolean;
};

/**
 * The team's keys, newest at OpenRouter first, with everything that was ever counted for them. A key without usage has zeroes once it was read, and before that
 * nulls; null = not reported.
 */
export async function listKeyTotals(viewer: TeamReader, page: Page) {
  const [found] = await sql()<{ total: number; items: Line[] | null }[]>`
    select (select count(*) from api_keys where team_id = ${viewer.teamId}) as total,
      (select json_agg(listed) from (
        select keys.id, keys.name, keys.is_active, keys.status, ${isRowComplete("keys")} as complete, keys.last_synced_at is not null as is_read,
          sums.* from (
          select *, coalesce(upstream_created_at, created_at) as made_at from api_keys where team_id = ${viewer.teamId}
          order by made_at desc, id desc limit ${page.limit} offset ${(page.page - 1) * page.limit}
        ) keys cross join lateral (
          select sum(requests) as requests, sum(cost)::text as cost, count(*) > 0 as is_used,
            case when count(tokens_input) + count(tokens_output) > 0
              then coalesce(sum(tokens_input), 0) + coalesce(sum(tokens_output), 0) end as tokens
          from usage_stats where api_key_id = keys.id
        ) sums
        order by keys.made_at desc, keys.id desc
      ) listed) as items`;
  const items = (found?.items ?? []).map(({ requests, tokens, cost, is_used, is_read, ...key }) => {
    const nothing = is_read ? 0 : null;
    return {
      ...key,
      stats: is_used
        ? { total_requests: requests, total_cost: moneyToJson(cost), total_tokens: tokens }
        : { total_requests: nothing, total_cost: nothing, total_tokens: nothing },
    };
  });
  return pageOf(items, page, found?.total ?? 0);
}
