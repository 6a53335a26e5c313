import { methods } from "@/lib/http/methods";
import { tokenRoute } from "@/lib/route";
import { UsageV1List } from "@/lib/usage/answers";
import { listUsage } from "@/lib/usage/read/list-usage";
import { UsageV1Query } from "@/lib/usage/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: tokenRoute(
    {
      permission: "usage.read",
      summary: "Usage per day or hour, key, model and provider",
      description:
        "Newest day first, then key name, then model. What OpenRouter told only per day stands in an hourly list with its date.",
      tags: ["Public API"],
      scope: "read:usage",
      keep: true,
      query: UsageV1Query,
      response: UsageV1List,
      errors: [404],
    },
    async (viewer, query) => {
      const { items, pagination } = await listUsage(viewer, query);
      return { items: items.map(({ id: _, ...item }) => item), pagination };
    },
  ),
});
