import { PageQuery } from "@/lib/base/page";
import { methods } from "@/lib/http/methods";
import { listModels, UsedModels } from "@/lib/models/models";
import { tokenRoute } from "@/lib/route";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: tokenRoute(
    {
      permission: "usage.read",
      summary: "The models that were used, with their prices",
      description: "Prices are those that OpenRouter lists today, read once a day; null where it lists none.",
      tags: ["Public API"],
      scope: "read:stats",
      query: PageQuery,
      response: UsedModels,
    },
    listModels,
  ),
});
