import "server-only";
import { sql } from "@/db/client";
import { storableJson } from "@/lib/base/text";
import { isoDate } from "@/lib/base/time";
import { modelIdOf } from "@/lib/models/names";
import type { Query, Window } from "@/lib/openrouter/analytics";
import { inPieces } from "@/lib/openrouter/analytics-pages";
import { type DetailRow, queryDetails } from "@/lib/openrouter/details";
import { UpstreamError } from "@/lib/openrouter/errors";
import { type DetailSync, windowOf } from "./details";

const METRICS = ["credits_usage", "request_count", "tokens_prompt", "tokens_completion"];
const metricsOf = ({ asking }: DetailSync) => METRICS.filter((metric) => asking.vocabulary.understands(metric, "day"));
/** Of a day with more values than OpenRouter answers: the dearest, and the others together. */
const MOST_VALUES = 500;
const OTHERS = "(others)";

/** Reads an account's usage per UTC day by one dimension, and replaces what is kept of these days. Finish reasons are split by model as well. */
export async function keepBreakdown(sync: DetailSync, dimension: string): Promise<void> {
  const dimensions = dimension === "finish_reason" ? [dimension, "model"] : [dimension];
  const query: Query = { metrics: metricsOf(sync), dimensions, granularity: "day" };
  const { secret, call } = sync.asking;
  const pieces = inPieces(windowOf(sync, "day"), "day", (window) => queryDetails(secret, query, window, call));
  for await (const { window, answer } of pieces) {
    const lines = answer ? answer.rows.map(lineOf(sync, dimension)) : await readGreatest(sync, dimension, window);
    await replace(sync, dimension, window, lines);
  }
}

type Line = {
  date: string;
  value: string | null;
  model: string | null;
  sign: 1 | -1;
  cost: string | null;
  requests: string | null;
  tokens_input: string | null;
  tokens_output: string | null;
};

const lineOf =
  ({ asking }: DetailSync, dimension: string) =>
  ({ bucket, values, figures }: DetailRow): Line => ({
    date: isoDate(bucket),
    value: values[dimension] ?? null,
    model: modelIdOf(asking.models, values.model ?? null),
    sign: 1,
    cost: figures.credits_usage ?? null,
    requests: figures.request_count ?? null,
    tokens_input: figures.tokens_prompt ?? null,
    tokens_output: figures.tokens_completion ?? null,
  });

/** The dearest values of a single day, and as one more what they leave of the day's undivided sums. */
async function readGreatest(sync: DetailSync, dimension: string, window: Window): Promise<Line[]> {
  const { secret, call } = sync.asking;
  const query: Query = { metrics: metricsOf(sync), dimensions: [dimension], granularity: "day" };
  const top = { by: "credits_usage", limit: MOST_VALUES };
  const greatest = await queryDetails(secret, { ...query, top }, window, call);
  const whole = await queryDetails(secret, { ...query, dimensions: [] }, window, call);
  if ("truncated" in greatest || "truncated" in whole)
    throw new UpstreamError("malformed", "OpenRouter truncates a single sum");
  const lines = greatest.rows.map(lineOf(sync, dimension));
  return [
    ...lines,
    ...whole.rows.map((row) => ({ ...lineOf(sync, dimension)(row), value: OTHERS })),
    ...lines.map((line): Line => ({ ...line, value: OTHERS, sign: -1 })),
  ];
}

async function replace({ account }: DetailSync, dimension: string, window: Window, lines: Line[]): Promise<void> {
  await sql().begin(async (transaction) => {
    await transaction`
      delete from breakdown_days where api_key_id = ${account.accountId} and dimension = ${dimension}
        and date >= ${isoDate(window.start)} and date < ${isoDate(window.end)}`;
    await transaction`
      insert into breakdown_days (team_id, api_key_id, date, dimension, value, model, requests, tokens_input, tokens_output, cost)
      select ${account.teamId}, ${account.accountId}, date, ${dimension}, value, model, sum(sign * requests), sum(sign * tokens_input),
        sum(sign * tokens_output), coalesce(sum(sign * cost), 0)
      from jsonb_to_recordset(${storableJson(lines)}::jsonb) as g(date date, value text, model text, sign int, cost numeric,
        requests bigint, tokens_input bigint, tokens_output bigint)
      group by date, value, model`;
    await transaction`update teams set data_version = data_version + 1 where id = ${account.teamId}`;
  });
}
