import { NOT_REPORTED } from "@/lib/usage/measures";
import { bookUsage, type UsageRow } from "@/lib/usage/write/ingest-usage";
import { seconds, timeBareCopy } from "./bare-copy";
import type { SeededTeam } from "./seed";
import { median } from "./table";

const ROWS = 20_000;
const ROUNDS = 3;
const HOUR_MS = 3_600_000;

export type Written = { upserts: number; again: number; copy: number };

/**
 * Rows per second: the upserts of a sync, where nothing was before and then once more with every other row changed, against COPY of the same rows into a
 * table without indexes.
 */
export async function timeWriting(url: string, teams: SeededTeam[]): Promise<Written> {
  const upserts: number[] = [];
  const again: number[] = [];
  const copies: number[] = [];
  for (const team of teams.slice(0, ROUNDS)) {
    const rows = rowsOf(team);
    copies.push(ROWS / (await timeBareCopy(url, bare(rows))));
    upserts.push(ROWS / (await seconds(() => book(team, rows))));
    const changed = rows.map((row, index) => (index % 2 ? row : { ...row, cost: "0.0321" }));
    again.push(ROWS / (await seconds(() => book(team, changed))));
  }
  return { upserts: median(upserts), again: median(again), copy: median(copies) };
}

/** Two years ago, so that none of it is there yet. */
function rowsOf({ keyIds }: SeededTeam): UsageRow[] {
  const start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * 365 * 24 * HOUR_MS;
  return Array.from({ length: ROWS }, (_, index) => ({
    ...NOT_REPORTED,
    apiKeyId: keyIds[index % keyIds.length] ?? 0,
    hour: new Date(start + Math.floor(index / 60) * HOUR_MS),
    model: `author/model-${index % 20}`,
    provider: "Provider",
    requests: 3,
    tokensInput: 1000,
    tokensOutput: 200,
    cost: "0.0123",
  }));
}

const book = ({ teamId, keyIds }: SeededTeam, rows: UsageRow[]) =>
  bookUsage({
    teamId,
    apiKeyIds: keyIds,
    start: rows[0]?.hour ?? new Date(0),
    end: new Date((rows.at(-1)?.hour.getTime() ?? 0) + HOUR_MS),
    granularity: "hour",
    source: "analytics",
    rows,
    isComplete: false,
  });

const bare = (rows: UsageRow[]) => ({
  like: "usage_hours" as const,
  columns:
    "team_id, api_key_id, hour, granularity, model, provider, source, requests, tokens_input, tokens_output, cost",
  rows,
  lineOf: (row: UsageRow) =>
    `1\t${row.apiKeyId}\t${row.hour.toISOString()}\thour\t${row.model}\t${row.provider}\tanalytics\t${row.requests}\t${row.tokensInput}\t${row.tokensOutput}\t${row.cost}`,
});
