import { closeDatabase } from "@/db/client";
import { compareQueries, findSequentialScans, readFrom, type Work } from "./database-work";
import { timeIngest } from "./ingest";
import { ROWS_PER_TEAM, seedTeams } from "./seed";
import { atLeast, atMost, type Row } from "./table";
import { timeWriting } from "./writing";

export type Bench = {
  root: string;
  environment: Record<string, string> & { DATABASE_URL: string };
  /** A second, empty database of the same server. */
  smallUrl: string;
  teams: number;
  logFile: string;
  say: (line: string) => unknown;
};

const FEW_TEAMS = 10;

/** Queries at 100 thousand rows, then at all of them; plans; writing. */
export async function benchDatabase({ environment, smallUrl, teams, logFile, say }: Bench) {
  const url = environment.DATABASE_URL;
  say(`Writing ${FEW_TEAMS * ROWS_PER_TEAM} rows, and ${teams * ROWS_PER_TEAM} …`);
  const small = { url: smallUrl, teams: await seedTeams(smallUrl, FEW_TEAMS) };
  const seeded = await seedTeams(url, teams);
  const times = await compareQueries(small, { url, teams: seeded });
  await readFrom(url);
  const { plans, scans } = await findSequentialScans(logFile, seeded.at(-1) ?? seedless());
  for (const scan of scans) say(scan);
  const { upserts, again, copy } = await timeWriting(url, seeded);
  const ingested = await timeIngest(url, seeded[0] ?? seedless());
  await closeDatabase();
  const growth = (Object.keys(times) as Work[]).map((name) =>
    atMost(
      `${name}: time at ${teams * ROWS_PER_TEAM} rows ÷ at 100000`,
      times[name].large / times[name].small,
      1.5,
      "",
      `${times[name].small.toFixed(1)} → ${times[name].large.toFixed(1)} ms`,
    ),
  );
  const rows: Row[] = [
    ...growth,
    atMost("SQL of a 30-day dashboard", times["dashboard, 30 days"].large, 10, " ms"),
    atMost("SQL of a year by month", times["a year by month"].large, 30, " ms"),
    {
      what: "Sequential scans over usage in EXPLAIN",
      measured: `${scans.length} of ${plans} plans`,
      aim: "0",
      isMet: plans > 0 && scans.length === 0,
    },
    atLeast(
      "Sync upserts ÷ COPY into an unindexed table",
      upserts / copy,
      0.3,
      `${Math.round(upserts)} and ${Math.round(copy)} rows/s`,
    ),
    {
      what: "For comparison: the same rows synced again, half of them changed ÷ COPY",
      measured: `${(again / copy).toFixed(2)} (${Math.round(again)} and ${Math.round(copy)} rows/s)`,
      aim: "–",
      isMet: true,
    },
    atLeast(
      "Broadcast ingest ÷ COPY into an unindexed table, 4,000 requests a delivery",
      ingested.ingest / ingested.copy,
      0.3,
      `${Math.round(ingested.ingest)} and ${Math.round(ingested.copy)} rows/s`,
    ),
  ];
  return { rows, seeded };
}

function seedless(): never {
  throw new Error("no team was written");
}
