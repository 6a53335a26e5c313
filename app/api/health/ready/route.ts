import { z } from "zod";
import { methods } from "@/lib/http/methods";
import { checkReadiness } from "@/lib/jobs/readiness";
import { publicRoute } from "@/lib/route";

const Part = z.enum(["ok", "failed"]);
const parts = { database: Part, migrations: Part, scheduler: Part };

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: publicRoute(
    {
      permission: "public",
      summary: "Whether the instance can do its work: 503 with the failing part otherwise",
      tags: ["Service"],
      response: z.object({ status: z.literal("ready"), ...parts }),
      otherwise: { 503: z.object({ status: z.literal("failing"), ...parts }) },
    },
    async () => {
      const { isReady, ...found } = await checkReadiness();
      return Response.json({ status: isReady ? "ready" : "failing", ...found }, { status: isReady ? 200 : 503 });
    },
  ),
});
