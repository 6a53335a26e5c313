import { attachment } from "@/lib/export/attachment";
import { EXPORT_MEDIA } from "@/lib/export/file";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { UsageExport } from "@/lib/usage/answers";
import { exportUsage } from "@/lib/usage/read/export-usage";
import { EXPORT_NOTE, ExportQuery } from "@/lib/usage/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "usage.read",
      summary: "Every selected row as a file",
      tags: ["Statistics"],
      description: EXPORT_NOTE,
      query: ExportQuery,
      response: UsageExport,
      media: EXPORT_MEDIA,
      errors: [403, 404],
    },
    async (viewer, input) => attachment(await exportUsage(viewer, input)),
  ),
});
