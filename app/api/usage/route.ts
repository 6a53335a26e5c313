import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { UsageList } from "@/lib/usage/answers";
import { listUsage } from "@/lib/usage/read/list-usage";
import { UsageQuery } from "@/lib/usage/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "usage.read",
      summary: "Usage per day, key, model and provider",
      tags: ["Statistics"],
      query: UsageQuery,
      response: UsageList,
      errors: [403, 404],
    },
    listUsage,
  ),
});
