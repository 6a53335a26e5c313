import { z } from "zod";
import { methods } from "@/lib/http/methods";
import { publicRoute } from "@/lib/route";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: publicRoute(
    {
      permission: "public",
      summary: "Whether the process is up",
      tags: ["Service"],
      response: z.object({ status: z.literal("ok") }),
    },
    async () => ({ status: "ok" }),
  ),
});
