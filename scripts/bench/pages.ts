import postgres from "postgres";
import { loadPage, visit } from "./load";
import { atMost, median, type Row } from "./table";

type Pages = {
  url: string;
  databaseUrl: string;
  /** Of people of a team each. */
  cookies: string[];
  /** Of a person of a team with few keys, and of one with many. */
  few: string;
  many: string;
};

/** Loads of a page whose CPU time is taken together: Node counts it in steps of the system's clock. */
const LOADS = 20;
const ROUNDS = 5;
const CHANGES_EVERY_MS = 1000;

/**
 * How heavy pages are, and how they fare when figures change with each load and nothing that was made before can serve.
 */
export async function benchPages({ url, databaseUrl, cookies, few, many }: Pages): Promise<Row[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  /** Another figure of today, or of the last day that has any, for every team. */
  const changeFigures = () => sql`
    with latest as (update usage_stats set cost = cost + 0.01 where date = (select max(date) from usage_stats) returning team_id)
    update teams set data_version = data_version + 1 where id in (select team_id from latest)`;
  try {
    const dashboard = `${url}/dashboard`;
    const [first = ""] = cookies;
    const sizeOf = async (path: string, cookie: string) => (await loadPage(url + path, cookie)).bytes;
    for (const path of ["/yardstick", "/dashboard", "/stats", "/keys"]) await sizeOf(path, first);

    const bytes = await sizeOf("/dashboard", first);
    const { page, empty } = await cpuOf(url, first, changeFigures);

    const change = setInterval(() => void changeFigures(), CHANGES_EVERY_MS);
    const alone = await visit({ url: dashboard, cookies: [first], everyMs: 100, seconds: 10 });
    const together = await visit({ url: dashboard, cookies, everyMs: 5000, seconds: 30 });
    clearInterval(change);

    const growth: Row[] = [];
    for (const path of ["/dashboard", "/stats", "/keys"]) {
      const [small, large] = [await sizeOf(path, few), await sizeOf(path, many)];
      growth.push(
        atMost(`${path}: HTML at 1,000 keys ÷ at 10`, large / small, 1.2, "", `${kB(large)} and ${kB(small)}`),
      );
    }
    return [
      atMost("/dashboard: HTML", bytes / 1000, 90, " kB"),
      atMost(
        "/dashboard: CPU of a load after its figures changed ÷ of an empty dynamic page",
        page / empty,
        2.5,
        "",
        `${page.toFixed(1)} and ${empty.toFixed(1)} ms`,
      ),
      atMost(
        `/dashboard: p95 of ${cookies.length} people, one load in 5 s each while figures change ÷ of one alone`,
        together / alone,
        5,
        "",
        `${together.toFixed(0)} and ${alone.toFixed(0)} ms`,
      ),
      ...growth,
    ];
  } finally {
    await sql.end();
  }
}

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;

/**
 * Milliseconds of CPU that the server takes for a load of the dashboard and of the empty page, in turn; the medians.
 */
async function cpuOf(
  url: string,
  cookie: string,
  changeFigures: () => Promise<unknown>,
): Promise<{ page: number; empty: number }> {
  const spent = async () => {
    const { user, system } = (await (await fetch(`${url}/api/yardstick/cpu`)).json()) as NodeJS.CpuUsage;
    return (user + system) / 1000;
  };
  const perLoad = async (path: string) => {
    const before = await spent();
    for (let load = 0; load < LOADS; load++) {
      await changeFigures();
      await loadPage(url + path, cookie);
    }
    return ((await spent()) - before) / LOADS;
  };
  const pages: number[] = [];
  const empties: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    empties.push(await perLoad("/yardstick"));
    pages.push(await perLoad("/dashboard"));
  }
  return { page: median(pages), empty: median(empties) };
}
