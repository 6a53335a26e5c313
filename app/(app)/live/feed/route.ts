import type { NextRequest } from "next/server";
import { requirePageViewer } from "@/lib/access/page-viewer";
import { LiveFilter } from "@/lib/broadcast/live";
import { listRecentRequests } from "@/lib/broadcast/recent";
import { answerJson } from "@/lib/http/answer";
import { problem } from "@/lib/http/problem";

/**
 * What arrived since the page last asked. For the browser's own session. Asked about once a second rather than held open: that works over several processes, behind any
 * proxy and where processes come and go, and costs one look into an index.
 */
export async function GET(request: NextRequest): Promise<Response> {
  try {
    const viewer = await requirePageViewer("live.read");
    const filter = LiveFilter.parse(Object.fromEntries(request.nextUrl.searchParams));
    return answerJson(await listRecentRequests(viewer, filter));
  } catch (error) {
    return problem(error, request);
  }
}
