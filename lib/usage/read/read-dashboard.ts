import "server-only";
import type { TeamReader } from "@/lib/access/viewer";
import { datesOf, periodBefore, periodOf } from "@/lib/usage/period";
import { summaryOf } from "@/lib/usage/present/summary";
import type { DashboardQuery } from "@/lib/usage/schema";
import { groupUsage } from "./group-usage";

const TOP_MODELS = 10;

/**
 * Everything that the dashboard shows of a period, and the totals of the equally long period before it. `by_date` has a point for every
 * day, which is unknown (null) where nothing of the period was read; `top_models` are those with most requests. Cost is USD.
 */
export async function readDashboard(viewer: TeamReader, input: DashboardQuery) {
  const period = periodOf(input);
  const before = periodBefore(period);
  const [now, then] = await Promise.all([
    groupUsage(viewer, period, input, ["model", "key", "provider", "day"]),
    groupUsage(viewer, before, input, []),
  ]);
  const days = new Map(now.days.map((day) => [day.date, day]));
  return {
    period,
    summary: summaryOf(now.total),
    previous: { period: before, summary: summaryOf(then.total) },
    by_model: now.models,
    by_key: now.keys,
    by_provider: now.providers,
    by_date: datesOf(period).map((date) => days.get(date) ?? { date, ...now.nothing }),
    top_models: now.models.toSorted((a, b) => (b.requests ?? -1) - (a.requests ?? -1)).slice(0, TOP_MODELS),
    data_as_of: now.data_as_of,
    complete: now.complete,
  };
}

/** What each model cost (USD) in the equally long period before; a model that is not in it cost nothing. */
export async function readModelsBefore(viewer: TeamReader, input: DashboardQuery): Promise<Map<string | null, number>> {
  const { models } = await groupUsage(viewer, periodBefore(periodOf(input)), input, ["model"]);
  return new Map(models.map(({ model, cost }) => [model, cost]));
}
