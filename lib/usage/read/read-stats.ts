import "server-only";
import type { TeamReader } from "@/lib/access/viewer";
import { periodOf } from "@/lib/usage/period";
import { summaryOf } from "@/lib/usage/present/summary";
import type { StatsQuery } from "@/lib/usage/schema";
import { groupUsage } from "./group-usage";

/** Totals, averages and models of a period of at most 365 days, by default the 30 ending today; one statement. Cost is USD. */
export async function readStats(viewer: TeamReader, input: StatsQuery) {
  const period = periodOf(input);
  const { total, models, data_as_of, complete } = await groupUsage(viewer, period, input, ["model"]);
  const by_model = models.map(({ model, requests, tokens_input, tokens_output, cost, ...shares }) => ({
    model,
    requests,
    tokens_input,
    tokens_output,
    cost,
    percentage_cost: shares.percentage_cost,
    percentage_requests: shares.percentage_requests,
  }));
  return { period, summary: summaryOf(total), by_model, data_as_of, complete };
}
