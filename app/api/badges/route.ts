import { createBadge, listBadges } from "@/lib/badges/badges";
import { BadgeView, CreateBadge, NewBadge } from "@/lib/badges/schema";
import { listOf, PageQuery } from "@/lib/base/page";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "usage.read",
      summary: "List the team's badges, newest first, withdrawn ones too",
      tags: ["Badges"],
      query: PageQuery,
      response: listOf(BadgeView),
    },
    listBadges,
  ),
  POST: sessionRoute(
    {
      permission: "badges.write",
      summary: "Make a badge of this month's spend",
      description: "Of one key, or of the whole team. Its address is in this answer and nowhere else.",
      tags: ["Badges"],
      body: CreateBadge,
      response: NewBadge,
      status: 201,
      errors: [403, 404],
    },
    createBadge,
  ),
});
