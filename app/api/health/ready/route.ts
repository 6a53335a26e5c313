import { z } from "zod";
import { methods } from "@/lib/http/methods";
import { checkReadiness } from "@/lib/readiness";
import { publicRoute } from "@/lib/route";

const Part = z.enum(["ok", "failed"]);

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: publicRoute(
    {
      summary: "Whether the instance can do its work: 503 with the failing part otherwise",
      tags: ["Service"],
      response: z.object({ status: z.literal("ready"), database: Part, migrations: Part, scheduler: Part }),
      errors: [503],
    },
    async () => {
      const { isReady, ...parts } = await checkReadiness();
      return Response.json({ status: isReady ? "ready" : "failing", ...parts }, { status: isReady ? 200 : 503 });
    },
  ),
});
