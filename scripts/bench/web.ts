import { closeDatabase, db, sql } from "@/db/client";
import { newApiToken, prefixOf } from "@/lib/access/token-format";
import { sha256 } from "@/lib/base/crypto";
import { createSession } from "@/lib/sessions/sessions";
import type { Bench } from "./database";
import { type Loaded, loadInTurn } from "./load";
import { benchPages } from "./pages";
import { type SeededTeam, seedTeams } from "./seed";
import { startBareServer, startProduct } from "./servers";
import { atLeast, atMost, type Row } from "./table";

const PEOPLE = 100;
const ROUNDS = 3;
const FEW_KEYS = 10;
const MANY_KEYS = 1000;

/** The production build over HTTP: the public API, then the pages. */
export async function benchWeb({ root, environment, say }: Bench, seeded: SeededTeam[]): Promise<Row[]> {
  const [first] = seeded;
  if (!first) throw new Error("no team was written");
  const url = environment.DATABASE_URL;
  const byKeys = [await seedTeams(url, 1, FEW_KEYS), await seedTeams(url, 1, MANY_KEYS)].flat();
  const token = await makeToken(first);
  const cookies = await makeCookies(seeded.slice(0, PEOPLE));
  const [few = "", many = ""] = await makeCookies(byKeys);
  await closeDatabase();
  const product = await startProduct(root, environment);
  const bare = await startBareServer(root, environment);
  try {
    say("Loading the public API …");
    const api = await benchApi(product.url, bare.url, token);
    say("Loading pages …");
    return [...api, ...(await benchPages({ url: product.url, databaseUrl: url, cookies, few, many }))];
  } finally {
    await product.stop();
    await bare.stop();
  }
}

async function benchApi(product: string, bare: string, token: string): Promise<Row[]> {
  const each = { headers: { authorization: `Bearer ${token}` }, connections: 50, seconds: 8 };
  const { empty, stats, plain } = await loadInTurn(
    {
      empty: { url: `${product}/api/yardstick`, ...each },
      stats: { url: `${product}/api/v1/stats`, ...each },
      plain: { url: bare, ...each },
    },
    ROUNDS,
  );
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
    { what: "Failed requests", measured: String(stats.failed), aim: "0", isMet: stats.failed === 0 },
  ];
}

const rates = (one: Loaded, other: Loaded): string =>
  `${Math.round(one.perSecond)} and ${Math.round(other.perSecond)} req/s`;

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
