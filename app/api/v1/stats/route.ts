import { methods } from "@/lib/http/methods";
import { tokenRoute } from "@/lib/route";
import { Stats } from "@/lib/usage/answers";
import { readStats } from "@/lib/usage/read/read-stats";
import { StatsQuery } from "@/lib/usage/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: tokenRoute(
    {
      permission: "usage.read",
      summary: "Totals, averages and models of a period",
      description: "By default the 30 days ending today; at most 365 days.",
      tags: ["Public API"],
      scope: "read:stats",
      keep: true,
      query: StatsQuery,
      response: Stats,
      errors: [404],
    },
    readStats,
  ),
});
