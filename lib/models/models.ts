import "server-only";
import { z } from "zod";
import { sql } from "@/db/client";
import type { TeamReader } from "@/lib/access/viewer";
import { type Money, moneyToJson } from "@/lib/base/money";
import { listOf, type Page, pageOf } from "@/lib/base/page";
import { CalendarDate } from "@/lib/base/time";

const Count = z.int().nullable();

/** A model that the team used. Prices are those of today's list, USD per million tokens; null where OpenRouter lists none. */
export const UsedModel = z.object({
  model: z.string(),
  name: z.string().nullable(),
  context_length: z.int().nullable(),
  expiration_date: CalendarDate.nullable().describe("The day on which OpenRouter plans to remove it"),
  price_input: z.number().nullable().describe("USD per million input tokens"),
  price_output: z.number().nullable().describe("USD per million output tokens"),
  pricing: z.record(z.string(), z.string()).nullable().describe("USD per single unit, as OpenRouter lists it"),
  first_used: CalendarDate,
  last_used: CalendarDate,
  requests: Count,
  tokens_input: Count,
  tokens_output: Count,
  cost: z.number().describe("USD"),
});
export const UsedModels = listOf(UsedModel);

type Line = Omit<z.output<typeof UsedModel>, "price_input" | "price_output" | "cost"> & {
  price_input: Money | null;
  price_output: Money | null;
  cost: Money;
  total: number;
};

/** The models that the team ever used, with all that was counted for them and their prices, by cost. */
export async function listModels(viewer: TeamReader, page: Page) {
  const lines = await sql()<Line[]>`
    with used as (
      select model, min(date)::text as first_used, max(date)::text as last_used, sum(requests)::bigint as requests,
        sum(tokens_input)::bigint as tokens_input, sum(tokens_output)::bigint as tokens_output, sum(cost) as cost
      from usage_stats where team_id = ${viewer.teamId} and model is not null group by model
    )
    select used.*, m.name, m.context_length, m.expiration_date::text as expiration_date, m.pricing, (select count(*) from used) as total,
      (m.pricing ->> 'prompt')::numeric * 1000000 as price_input, (m.pricing ->> 'completion')::numeric * 1000000 as price_output
    from (select * from used order by cost desc, model limit ${page.limit} offset ${(page.page - 1) * page.limit}) used
    left join models m on m.id = used.model
    order by used.cost desc, used.model`;
  const items = lines.map(({ total: _, cost, price_input, price_output, ...line }) => ({
    ...line,
    price_input: moneyToJson(price_input),
    price_output: moneyToJson(price_output),
    cost: moneyToJson(cost),
  }));
  return pageOf(items, page, lines[0]?.total ?? (await countModels(viewer)));
}

/** A page beyond the last has no line to carry the count. */
async function countModels(viewer: TeamReader): Promise<number> {
  const [row] = await sql()<{ total: number }[]>`
    select count(distinct model) as total from usage_stats where team_id = ${viewer.teamId}`;
  return row?.total ?? 0;
}
