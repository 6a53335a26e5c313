import { randomBytes } from "node:crypto";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { NOT_REPORTED } from "@/lib/usage/measures";
import { bookUsage, type UsageRow } from "@/lib/usage/write/ingest-usage";

/** A monitored key of a person's team, without going through OpenRouter. */
export async function plantKey(viewer: Viewer, name = "Production"): Promise<number> {
  const [key] = await sql()<{ id: number }[]>`
    insert into api_keys (team_id, created_by, name, kind, ciphertext, hash, status, last_synced_at)
    values (${viewer.teamId}, ${viewer.userId}, ${name}, 'inference', 'sealed', ${randomBytes(32).toString("hex")}, 'valid', '2026-03-05T10:00:00Z')
    returning id`;
  if (!key) throw new Error("no key was written");
  return key.id;
}

type Told = Partial<Omit<UsageRow, "hour" | "apiKeyId">> & { hour: string };

/** Usage of a key, hour by hour (or day by day), booked as a sync books it. */
export async function plantUsage(
  viewer: Viewer,
  apiKeyId: number,
  told: Told[],
  granularity: "hour" | "day" = "hour",
): Promise<void> {
  const rows = told.map(
    ({ hour, ...rest }): UsageRow => ({
      ...NOT_REPORTED,
      apiKeyId,
      hour: new Date(hour),
      model: "openai/gpt-5",
      provider: "OpenAI",
      requests: 1,
      tokensInput: 100,
      tokensOutput: 10,
      cost: "0.01",
      ...rest,
    }),
  );
  const times = rows.map((row) => row.hour.getTime());
  const length = granularity === "hour" ? 3_600_000 : 86_400_000;
  await bookUsage({
    teamId: viewer.teamId,
    apiKeyIds: [apiKeyId],
    start: new Date(Math.min(...times)),
    end: new Date(Math.max(...times) + length),
    granularity,
    source: "analytics",
    rows,
    isComplete: false,
  });
}
