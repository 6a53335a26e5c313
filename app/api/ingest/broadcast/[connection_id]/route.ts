import { receiveDelivery } from "@/lib/broadcast/receive";
import { DeliveryTarget, Receipt } from "@/lib/broadcast/schema";
import { methods } from "@/lib/http/methods";
import type { RouteSpec } from "@/lib/http/spec";
import { publicRoute } from "@/lib/route";

const spec = {
  permission: "public",
  summary: "Take a delivery of OpenRouter's Broadcast",
  description:
    "An OTLP/JSON trace as OpenRouter's webhook destination sends it, up to 20 MB, packed with gzip or not. The connection's secret is the bearer: `Authorization: Bearer orb_…`. Only root spans count, each generation once; connection tests and «Test Generation» are acknowledged and book nothing.",
  tags: ["Broadcast"],
  params: DeliveryTarget,
  response: Receipt,
  example: { accepted: 1, duplicates: 0, unreadable: 0, test: false },
  errors: [400, 401, 404, 408, 413, 415, 429, 503],
} as const satisfies RouteSpec;

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: publicRoute(spec, receiveDelivery),
  PUT: publicRoute(spec, receiveDelivery),
});
