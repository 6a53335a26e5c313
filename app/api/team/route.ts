import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { TeamView, UpdateTeam } from "@/lib/teams/schema";
import { getTeam, updateTeam } from "@/lib/teams/team";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    { permission: "team.read", summary: "Read your team", tags: ["Account"], response: TeamView },
    getTeam,
  ),
  PATCH: sessionRoute(
    {
      permission: "team.change",
      summary: "Switch the reading of end users and countries",
      tags: ["Account"],
      body: UpdateTeam,
      response: TeamView,
    },
    updateTeam,
  ),
});
