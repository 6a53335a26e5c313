import "server-only";
import { z } from "zod";
import { addDays, isoDate, startOfDay } from "@/lib/base/time";
import { NOT_REPORTED } from "@/lib/usage/measures";
import { type AnalyticsRow, type Answer, emptyAnswer } from "./analytics";
import { type Call, callOpenRouter } from "./client";
import { UpstreamError } from "./errors";
import { absent, count, decimal, instant, optional, parseAnswer, text } from "./wire";

/** OpenRouter keeps so many completed UTC days. */
export const ACTIVITY_DAYS = 30;

const Row = z.object({
  date: instant,
  model: optional(text),
  provider_name: optional(text),
  /** Null where own provider keys were charged alone. */
  usage: absent(decimal),
  byok_usage_inference: absent(decimal),
  requests: absent(count),
  prompt_tokens: absent(count),
  completion_tokens: absent(count),
  reasoning_tokens: absent(count),
});

/**
 * `GET /activity` of one key (by its hash), or of the whole account (null): daily rows per model and endpoint of the last 30 completed UTC days; the
 * running day is never there. Cached tokens are not reported. Some versions want a `date`: then the days are asked for one by one.
 */
export async function readActivity(secret: string, hash: string | null, now: Date, call: Call = {}): Promise<Answer> {
  const query = hash === null ? {} : { api_key_hash: hash };
  try {
    return await readDays(secret, query, call);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.reason !== "bad_request") throw error;
  }
  const all = emptyAnswer();
  for (let days = 1; days <= ACTIVITY_DAYS; days++) {
    const date = isoDate(addDays(startOfDay(now), -days));
    const { rows, unreadable } = await readDays(secret, { ...query, date }, call);
    all.rows.push(...rows);
    all.unreadable.push(...unreadable);
  }
  return all;
}

async function readDays(secret: string, query: Call["query"], call: Call): Promise<Answer> {
  const body = await callOpenRouter(secret, "/activity", { ...call, query });
  const { data } = parseAnswer(z.object({ data: z.array(z.unknown()) }), body, "activity");
  const answer = emptyAnswer();
  for (const raw of data) {
    const parsed = Row.safeParse(raw);
    if (parsed.success) answer.rows.push(toRow(parsed.data));
    else answer.unreadable.push({ hour: dayOf(raw), keyName: null });
  }
  return answer;
}

function dayOf(raw: unknown): Date | null {
  const parsed = z.object({ date: instant }).safeParse(raw);
  return parsed.success ? startOfDay(parsed.data.date) : null;
}

const toRow = (row: z.output<typeof Row>): AnalyticsRow => ({
  ...NOT_REPORTED,
  hour: startOfDay(row.date),
  keyName: null,
  model: row.model,
  provider: row.provider_name,
  requests: row.requests,
  tokensInput: row.prompt_tokens,
  tokensOutput: row.completion_tokens,
  tokensReasoning: row.reasoning_tokens,
  cost: row.usage ?? "0",
  byokCost: row.byok_usage_inference,
});
