import type { NextRequest } from "next/server";
import { maybePageViewer } from "@/lib/auth/page-viewer";
import { AppError } from "@/lib/errors";
import { inTurn } from "@/lib/export/in-turn";
import { exportStream } from "@/lib/export/stream";
import { problem } from "@/lib/http/problem";
import { isoDateIn } from "@/lib/time";
import { columnsOf } from "@/lib/usage/columns";
import { readSelection } from "@/lib/usage/selection";
import { ExportFormat, readStatsView } from "@/lib/usage/stats-view";

/** Exactly what the statistics page has selected, all pages of it, as a file. For the browser's own session, unlike `/api/usage/export`. */
export async function GET(request: NextRequest): Promise<Response> {
  try {
    const viewer = await maybePageViewer();
    if (!viewer) throw new AppError("unauthorized", "You are signed out. Please sign in again.");
    const search = request.nextUrl.searchParams;
    const params = Object.fromEntries([...search.keys()].map((name) => [name, search.getAll(name)]));
    const view = readStatsView(params, isoDateIn(new Date(), viewer.timezone));
    const rows = readSelection(viewer, { ...view, timezone: viewer.timezone });
    const format = ExportFormat.parse(search.get("format"));
    return exportStream(await inTurn(viewer.teamId, rows), {
      columns: columnsOf(view.group).filter((column) => !view.hide.includes(column)),
      exactNumbers: ["cost"],
      format,
      name: `usage_${view.start_date}_${view.end_date}.${format}`,
    });
  } catch (error) {
    return problem(error, request);
  }
}
