import type { Viewer } from "@/lib/access/viewer";
import { NOT_REPORTED } from "@/lib/usage/measures";
import { bookUsage } from "@/lib/usage/write/ingest-usage";

const DAY_MS = 86_400_000;

/** What a key spent on a model on a UTC day (YYYY-MM-DD); cost in thousandths of a USD. Null = not reported. */
export type Entry = { day: string; apiKeyId: number; model: string | null; requests: number | null; milliUsd: number };

/** Books the entries of a day as all that the keys have of it. */
export async function bookDay(viewer: Viewer, apiKeyIds: number[], day: string, entries: Entry[]): Promise<void> {
  const start = new Date(`${day}T00:00:00Z`);
  await bookUsage({
    teamId: viewer.teamId,
    apiKeyIds,
    start,
    end: new Date(start.getTime() + DAY_MS),
    granularity: "day",
    source: "analytics",
    isComplete: true,
    rows: entries.map(({ apiKeyId, model, requests, milliUsd }) => ({
      ...NOT_REPORTED,
      apiKeyId,
      hour: start,
      model,
      provider: null,
      requests,
      cost: (milliUsd / 1000).toFixed(3),
    })),
  });
}
