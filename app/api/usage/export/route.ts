import { EXPORT_MEDIA } from "@/lib/export/stream";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { UsageExport } from "@/lib/usage/answers";
import { exportUsage } from "@/lib/usage/export";
import { ExportQuery } from "@/lib/usage/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      summary: "Every selected usage row as a file",
      tags: ["Statistics"],
      query: ExportQuery,
      response: UsageExport,
      media: EXPORT_MEDIA,
      errors: [403, 404],
    },
    exportUsage,
  ),
});
