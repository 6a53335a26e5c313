import { closeDatabase, db, sql } from "@/db/client";
import { newApiToken, prefixOf } from "@/lib/access/token-format";
import { sha256 } from "@/lib/base/crypto";
import { createSession } from "@/lib/sessions/sessions";
import { compareQueries, findSequentialScans, readFrom, type Work } from "./database-work";
import { timeIngest } from "./ingest";
import { type Loaded, loadInTurn, visit } from "./load";
import { ROWS_PER_TEAM, type SeededTeam, seedTeams } from "./seed";
import { startBareServer, startProduct } from "./servers";
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
const PEOPLE = 100;
const ROUNDS = 3;

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

/** The production build over HTTP. */
export async function benchWeb({ root, environment, say }: Bench, seeded: SeededTeam[]): Promise<Row[]> {
  const token = await makeToken(seeded[0] ?? seedless());
  const cookies = await makeCookies(seeded.slice(0, PEOPLE));
  await closeDatabase();
  const product = await startProduct(root, environment);
  const bare = await startBareServer(root, environment);
  try {
    say("Loading the public API …");
    const headers = { authorization: `Bearer ${token}` };
    const api = { connections: 50, seconds: 8 };
    const { empty, stats, plain } = await loadInTurn(
      {
        empty: { url: `${product.url}/api/yardstick`, headers, ...api },
        stats: { url: `${product.url}/api/v1/stats`, headers, ...api },
        plain: { url: bare.url, headers, ...api },
      },
      ROUNDS,
    );
    say("Loading the dashboard …");
    const [first = ""] = cookies;
    const dashboard = `${product.url}/dashboard`;
    const page = { connections: 100, seconds: 8, headers: { cookie: first } };
    const pages = await loadInTurn(
      { empty: { url: `${product.url}/yardstick`, ...page }, dashboard: { url: dashboard, ...page } },
      ROUNDS,
    );
    const oneAlone = { url: dashboard, cookies: [first], everyMs: 100, seconds: 5 };
    const everybody = { url: dashboard, cookies, everyMs: 5000, seconds: 20 };
    const alone = await visit(oneAlone);
    const together = await visit(everybody);
    const aloneAnew = await visit({ ...oneAlone, isNew: true });
    const togetherAnew = await visit({ ...everybody, isNew: true });
    return [
      atLeast(
        "/api/v1/stats ÷ empty route handler, 50 connections",
        stats.perSecond / empty.perSecond,
        0.8,
        rates(stats, empty),
      ),
      atMost(
        "p99 of /api/v1/stats ÷ p99 of the empty route handler",
        stats.p99 / empty.p99,
        1.5,
        "",
        `${stats.p99} and ${empty.p99} ms`,
      ),
      {
        what: "For comparison: /api/v1/stats ÷ bare node:http with the same statement",
        measured: `${(stats.perSecond / plain.perSecond).toFixed(2)} (${rates(stats, plain)})`,
        aim: "–",
        isMet: true,
      },
      {
        what: "Failed requests",
        measured: String(stats.failed + pages.dashboard.failed),
        aim: "0",
        isMet: stats.failed + pages.dashboard.failed === 0,
      },
      atMost(
        "/dashboard: p95 of 100 people, one load in 5 s each ÷ of one alone",
        together / alone,
        3,
        "",
        `${together.toFixed(0)} and ${alone.toFixed(0)} ms`,
      ),
      {
        what: "For comparison: the same, each time at an address where it was never made before",
        measured: `${(togetherAnew / aloneAnew).toFixed(2)} (${togetherAnew.toFixed(0)} and ${aloneAnew.toFixed(0)} ms)`,
        aim: "–",
        isMet: true,
      },
      atLeast(
        "/dashboard ÷ empty dynamic page, 100 connections",
        pages.dashboard.perSecond / pages.empty.perSecond,
        0.6,
        rates(pages.dashboard, pages.empty),
      ),
    ];
  } finally {
    await product.stop();
    await bare.stop();
  }
}

const rates = (one: Loaded, other: Loaded): string =>
  `${Math.round(one.perSecond)} and ${Math.round(other.perSecond)} req/s`;

function seedless(): never {
  throw new Error("no team was written");
}

async function makeToken({ teamId, userId }: SeededTeam): Promise<string> {
  const token = newApiToken();
  await sql()`
    insert into api_tokens (team_id, created_by, name, prefix, token_hash, scopes)
    values (${teamId}, ${userId}, 'Bench', ${prefixOf(token)}, ${sha256(token)}, '{read:stats,read:usage,read:keys,read:metrics}')`;
  return token;
}

const makeCookies = (teams: SeededTeam[]): Promise<string[]> =>
  Promise.all(
    teams.map(async ({ userId }) => {
      const device = { ip: "127.0.0.1", userAgent: "bench" };
      const { token } = await createSession(db(), { userId, kind: "page", hours: 24, device });
      return `session=${token}`;
    }),
  );
