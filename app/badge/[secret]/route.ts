import { z } from "zod";
import { addressOf, callerLimit } from "@/lib/access/ip-address";
import { limitUse } from "@/lib/access/rate-limit";
import { readBadge } from "@/lib/badges/badges";
import { drawBadge } from "@/lib/badges/draw";
import { BadgeSecret } from "@/lib/badges/schema";
import { methods } from "@/lib/http/methods";
import { publicRoute } from "@/lib/route";

const PER_ADDRESS = { limit: 120, windowSeconds: 60 };

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: publicRoute(
    {
      permission: "public",
      summary: "This month's spend as an SVG badge",
      description: "The secret in the address is all that it takes. Amounts are up to five minutes old.",
      tags: ["Badges"],
      params: BadgeSecret,
      response: z.string(),
      media: ["image/svg+xml"],
      errors: [404, 429],
    },
    async (request, { secret }) => {
      const { bucket, limit } = callerLimit("badge", addressOf(request.headers), PER_ADDRESS);
      await limitUse(bucket, limit);
      const { label, cost } = await readBadge(secret.replace(/\.svg$/, ""));
      return new Response(drawBadge(label, cost), {
        headers: { "Content-Type": "image/svg+xml", "Cache-Control": "public, max-age=300" },
      });
    },
  ),
});
