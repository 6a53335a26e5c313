import { methods } from "@/lib/http/methods";
import { tokenRoute } from "@/lib/route";
import { Timeseries } from "@/lib/usage/answers";
import { readTimeseries } from "@/lib/usage/read/read-timeseries";
import { TimeseriesQuery } from "@/lib/usage/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: tokenRoute(
    {
      permission: "usage.read",
      summary: "One metric over time, by model, key, provider or what else OpenRouter breaks usage down by",
      description:
        "Weeks begin on Monday. Hours: at most 31 days, without what OpenRouter told only per day. Without any usage and with group_by=none there is one series: zeroes where the period was read, nulls where it was not.",
      tags: ["Public API"],
      scope: "read:stats",
      keep: true,
      query: TimeseriesQuery,
      response: Timeseries,
      errors: [404],
    },
    readTimeseries,
  ),
});
