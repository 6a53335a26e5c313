import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { Dashboard } from "@/lib/usage/answers";
import { readDashboard } from "@/lib/usage/read/read-dashboard";
import { DashboardQuery } from "@/lib/usage/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "usage.read",
      summary: "A period's usage in total, by model, key, provider and day",
      description: "By default the 30 days ending today; `days`, or `start_date` and `end_date`, choose others.",
      tags: ["Statistics"],
      query: DashboardQuery,
      response: Dashboard,
      errors: [403, 404],
    },
    readDashboard,
  ),
});
