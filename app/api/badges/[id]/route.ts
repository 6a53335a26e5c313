import { revokeBadge } from "@/lib/badges/badges";
import { BadgeId } from "@/lib/badges/schema";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  DELETE: sessionRoute(
    {
      permission: "badges.write",
      summary: "Withdraw a badge",
      tags: ["Badges"],
      params: BadgeId,
      response: null,
      status: 204,
      errors: [403, 404],
    },
    revokeBadge,
  ),
});
