import "server-only";
import { z } from "zod";
import { startOfDay } from "@/lib/time";
import type { AnalyticsRow, AnalyticsRows } from "./analytics";
import { type Call, callOpenRouter } from "./client";
import { absent, count, decimal, instant, optional, parseAnswer } from "./wire";

const Row = z.object({
  date: instant,
  model: z.string(),
  provider_name: optional(z.string()),
  usage: decimal,
  byok_usage_inference: absent(decimal),
  requests: absent(count),
  prompt_tokens: absent(count),
  completion_tokens: absent(count),
  reasoning_tokens: absent(count),
});

/**
 * `GET /activity` of one key: daily rows per model and endpoint of the last 30 completed UTC days; the running day is never there. Cached tokens are
 * not reported.
 */
export async function readActivity(secret: string, hash: string, call: Call = {}): Promise<AnalyticsRows> {
  const body = await callOpenRouter(secret, "/activity", { ...call, query: { api_key_hash: hash } });
  const { data } = parseAnswer(z.object({ data: z.array(z.unknown()) }), body, "activity");
  const rows: AnalyticsRow[] = [];
  let rejected = 0;
  for (const raw of data) {
    const parsed = Row.safeParse(raw);
    if (!parsed.success) {
      rejected++;
      continue;
    }
    const row = parsed.data;
    rows.push({
      bucket: startOfDay(row.date),
      model: row.model,
      keyName: null,
      provider: row.provider_name,
      requests: row.requests,
      tokensInput: row.prompt_tokens,
      tokensOutput: row.completion_tokens,
      tokensReasoning: row.reasoning_tokens,
      tokensCached: null,
      cost: row.usage,
      byokCost: row.byok_usage_inference,
    });
  }
  return { rows, rejected };
}
