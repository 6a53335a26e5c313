import type { NextRequest } from "next/server";
import { loadMessages } from "@/i18n/messages";
import { pageLocale } from "@/i18n/page-locale";
import { requirePageViewer } from "@/lib/access/page-viewer";
import { isoDateIn } from "@/lib/base/time";
import { attachment } from "@/lib/export/attachment";
import { exportFile } from "@/lib/export/file";
import { inTurn } from "@/lib/export/in-turn";
import { readFileOptions } from "@/lib/export/read-options";
import { problem } from "@/lib/http/problem";
import { columnsOf } from "@/lib/usage/present/columns";
import { readStatsView } from "@/lib/usage/present/stats-view";
import { usageTable } from "@/lib/usage/read/export-usage";

/** Exactly what the statistics page has selected, all pages of it, as a file. For the browser's own session, unlike `/api/usage/export`. */
export async function GET(request: NextRequest): Promise<Response> {
  try {
    const viewer = await requirePageViewer("usage.read");
    const search = request.nextUrl.searchParams;
    const params = Object.fromEntries([...search.keys()].map((name) => [name, search.getAll(name)]));
    const view = readStatsView(params, isoDateIn(new Date(), viewer.timezone));
    const options = readFileOptions(search);
    const shown = columnsOf(view.group).filter((column) => !view.hide.includes(column));
    const { stats } = await loadMessages(await pageLocale());
    const selected = { ...view, timezone: viewer.timezone };
    const table = usageTable(viewer, selected, shown, (column) => stats.column[column]);
    const rows = await inTurn(viewer.teamId, table.rows);
    return attachment(exportFile({ ...table, rows }, `usage_${view.start_date}_${view.end_date}`, options));
  } catch (error) {
    return problem(error, request);
  }
}
