import { z } from "zod";
import { methods } from "@/lib/http/methods";
import { openApiDocument } from "@/lib/openapi/document";
import { publicRoute } from "@/lib/route";
import { ROUTES } from "./routes";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: publicRoute(
    { permission: "public", summary: "This document", tags: ["Service"], response: z.record(z.string(), z.unknown()) },
    async () => Response.json(openApiDocument(ROUTES), { headers: { "Cache-Control": "public, max-age=300" } }),
  ),
});
