import "server-only";
import { sql } from "@/db/client";
import { isKnownAndNotRead } from "@/lib/openrouter/meta";
import { isSpeedFigure } from "@/lib/usage/figures";
import { MEASURES } from "@/lib/usage/measures";
import { KeptMeta } from "./vocabulary";

/** Metrics that OpenRouter lists to some account and that are not read here, and metrics that are read here and that some account's analytics lack or refuse. */
export async function readMetricNews(): Promise<{ unknown: string[]; gone: string[] }> {
  const rows = await sql()<{ kept: unknown }[]>`
    select distinct analytics_meta as kept from api_keys where analytics_meta is not null`;
  const read: string[] = MEASURES.map(({ metric }) => metric);
  const unknown = new Set<string>();
  const gone = new Set<string>();
  for (const { kept } of rows) {
    const meta = KeptMeta.safeParse(kept).data;
    for (const metric of meta?.metrics ?? []) {
      if (!read.includes(metric) && !isKnownAndNotRead(metric) && !isSpeedFigure(metric)) unknown.add(metric);
    }
    for (const metric of read) if (meta?.metrics && !meta.metrics.includes(metric)) gone.add(metric);
    for (const metric of [...(meta?.refused.hour ?? []), ...(meta?.refused.day ?? [])]) gone.add(metric);
  }
  return { unknown: [...unknown].sort(), gone: [...gone].sort() };
}
