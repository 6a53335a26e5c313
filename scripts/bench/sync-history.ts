import { setTimeout as sleep } from "node:timers/promises";
import { ask, checkSums, format, startUpstream, startWorker, stop } from "./sync-processes";

/** The first sync of an account: requests follow rows and not keys, and this month stands on the page while history follows. */
export type History = { name: string; keys: number; days: number; requestsPerDay: number; upstreamMegabytes: number };

export const HISTORIES: History[] = [
  { name: "thin_month", keys: 1000, days: 35, requestsPerDay: 0.27, upstreamMegabytes: 256 },
  { name: "thin_year", keys: 1000, days: 364, requestsPerDay: 0.27, upstreamMegabytes: 512 },
  { name: "dense_year", keys: 40, days: 364, requestsPerDay: 150, upstreamMegabytes: 4096 },
];

export const HISTORY_HEAD = "history        keys     cells     whole     bound  requests   seconds     month   peak MB";
export const HISTORY_NOTE =
  "cells = key × hour × model, the rows of the undivided answers; whole = requests for them; bound = 1.5 × cells ÷ 10,000 + 2 (one question too large per granularity);\n" +
  "requests = all of analytics, names, providers, speed and breakdowns too; month = seconds until this month's sum stood.";

const LOOK_MS = 250;

export async function measureHistory(history: History, url: string, print: (line: string) => void): Promise<void> {
  const { name, keys, days, requestsPerDay, upstreamMegabytes } = history;
  const [upstream, hello] = await startUpstream([keys, days, requestsPerDay], upstreamMegabytes);
  const [worker, reader] = [await startWorker(hello, url, "new"), await startWorker(hello, url, "known")];
  const truth = await ask(upstream, "ledger");
  await ask(upstream, "requests");
  const began = performance.now();
  const month = watchMonth(() => ask(reader, "books"), Number(truth.month), began);
  const result = await ask(worker, "sync");
  const requests = await ask(upstream, "requests");
  if (result.error) throw new Error(String(result.error));
  checkSums(result.cost, truth.cost);
  const cells = Number(result.cells);
  const figures = [
    format(cells, 0),
    format(Number(requests.whole), 0),
    format(1.5 * (cells / 10_000) + 2),
    format(Number(requests.analytics), 0),
    format(Number(result.seconds)),
    format(await month),
    format(Number(result.peakMegabytes), 0),
  ];
  print(`${name.padEnd(12)} ${String(keys).padStart(6)} ${figures.join(" ")}`);
  for (const child of [worker, reader, upstream]) await stop(child);
}

async function watchMonth(read: () => Promise<Record<string, unknown>>, truth: number, began: number): Promise<number> {
  for (;;) {
    const { month } = await read();
    if (Math.abs(Number(month) - truth) <= 1e-8) return (performance.now() - began) / 1000;
    await sleep(LOOK_MS);
  }
}
