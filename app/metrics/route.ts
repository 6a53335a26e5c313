import { z } from "zod";
import { methods } from "@/lib/http/methods";
import { exposition, METRIC_MEDIA } from "@/lib/metrics/exposition";
import { readMetrics } from "@/lib/metrics/metrics";
import { tokenRoute } from "@/lib/route";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: tokenRoute(
    {
      permission: "usage.read",
      summary: "Counters per key and model for Prometheus",
      description:
        "OpenMetrics when the Accept header names it, else the text format 0.0.4. A counter's series add up to what the team spent. A series from which spend moved to another goes on with the label `restart`. Each scrape counts towards the token's rate limit.",
      tags: ["Public API"],
      scope: "read:metrics",
      response: z.string(),
      media: METRIC_MEDIA,
    },
    async (viewer, _input, request) => {
      const { type, text } = exposition(await readMetrics(viewer), request.headers.get("accept"));
      return new Response(text, { headers: { "Content-Type": type, "Cache-Control": "no-store", Vary: "Accept" } });
    },
  ),
});
