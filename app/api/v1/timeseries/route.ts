import { methods } from "@/lib/http/methods";
import { tokenRoute } from "@/lib/route";
import { Timeseries } from "@/lib/usage/answers";
import { TimeseriesQuery } from "@/lib/usage/schema";
import { readTimeseries } from "@/lib/usage/timeseries";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: tokenRoute(
    {
      summary: "One metric over time, by model, key or provider",
      description: "Weeks begin on Monday. Hours: at most 31 days, without what OpenRouter told only per day.",
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
