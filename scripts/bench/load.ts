import autocannon from "autocannon";
import { median, percentile } from "./table";

export type Load = { url: string; headers?: Record<string, string>; connections: number; seconds: number };
export type Loaded = { perSecond: number; p50: number; p99: number; failed: number };

/** As many requests as go, over so many connections. Latencies in ms. */
export async function load({ url, headers = {}, connections, seconds }: Load): Promise<Loaded> {
  const result = await autocannon({ url, headers, connections, duration: seconds });
  return {
    perSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors,
  };
}

/** The server goes on with requests that nobody waits for any more: the next load begins when it has done with them. */
async function loadAndSettle(given: Load): Promise<Loaded> {
  const loaded = await load(given);
  await settled(given.url, given.headers ?? {});
  return loaded;
}

async function settled(url: string, headers: Record<string, string>): Promise<void> {
  for (let previous = Number.POSITIVE_INFINITY; ; ) {
    const began = performance.now();
    await (await fetch(url, { headers })).text();
    const took = performance.now() - began;
    if (took > previous * 0.8) return;
    previous = took;
  }
}

/** Several loads in turn, round after round, so that whatever else the machine does meets all of them. The median of each. */
export async function loadInTurn<K extends string>(loads: Record<K, Load>, rounds: number): Promise<Record<K, Loaded>> {
  const names = Object.keys(loads) as K[];
  const results = new Map<K, Loaded[]>(names.map((name) => [name, []]));
  for (const name of names) await loadAndSettle({ ...loads[name], seconds: 3 });
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results.get(name)?.push(await loadAndSettle(loads[name]));
  }
  const middle = (all: Loaded[]): Loaded => ({
    perSecond: median(all.map(({ perSecond }) => perSecond)),
    p50: median(all.map(({ p50 }) => p50)),
    p99: median(all.map(({ p99 }) => p99)),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
  });
  return Object.fromEntries(names.map((name) => [name, middle(results.get(name) ?? [])])) as Record<K, Loaded>;
}

/** Loads a page as a person: how long it took (ms), and its bytes once unpacked. */
export async function loadPage(url: string, cookie: string): Promise<{ ms: number; bytes: number }> {
  const began = performance.now();
  const response = await fetch(url, { headers: { cookie }, redirect: "manual" });
  const { byteLength } = await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  return { ms: performance.now() - began, bytes: byteLength };
}

type Visits = { url: string; cookies: string[]; everyMs: number; seconds: number };

/**
 * People who each load a page every so often, out of step with each other: the 95th percentile of their waiting, in ms. They have it open when the
 * time begins: each has loaded it once, one after another.
 */
export async function visit({ url, cookies, everyMs, seconds }: Visits): Promise<number> {
  for (const cookie of cookies) await loadPage(url, cookie);
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  await Promise.all(
    cookies.map(async (cookie, index) => {
      await pause((everyMs * index) / cookies.length);
      while (performance.now() < until) {
        const { ms } = await loadPage(url, cookie);
        times.push(ms);
        await pause(Math.max(0, everyMs - ms));
      }
    }),
  );
  return percentile(times, 95);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
