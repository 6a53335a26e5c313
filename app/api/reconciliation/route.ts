import { methods } from "@/lib/http/methods";
import { readReconciliation } from "@/lib/reconciliation/read";
import { Reconciliation } from "@/lib/reconciliation/schema";
import { sessionRoute } from "@/lib/route";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "money.read",
      summary: "Our sums against OpenRouter's own counters, per key, per account and in all",
      tags: ["Sync"],
      response: Reconciliation,
    },
    readReconciliation,
  ),
});
