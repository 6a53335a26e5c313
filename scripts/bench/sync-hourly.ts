import { setTimeout as sleep } from "node:timers/promises";
import { ask, checkSums, format, startUpstream, startWorker, stop } from "./sync-processes";

/** How fast the hourly sync of many busy keys is against the time that OpenRouter's own limit of 64 analytics requests a minute allows. */
const PER_MINUTE = 64;
const MINUTE_MS = 60_000;

export const HOURLY_HEAD =
  "  keys  pass      keys/s   seconds  requests analytics   allowed     ratio      rows   peak MB";
export const HOURLY_NOTE =
  "allowed = seconds that 64 analytics requests a minute leave for the requests made; ratio = allowed ÷ seconds, 1 or more is as fast as OpenRouter lets us be.";

export async function measureHourly(keys: number, url: string, print: (line: string) => void): Promise<void> {
  const [upstream, hello] = await startUpstream([keys, 2, 150]);
  const worker = await startWorker(hello, url, "known");
  const { cost: truth } = await ask(upstream, "ledger");
  await ask(upstream, "requests");
  for (const pass of ["first", "second"]) {
    // The next sync is an hour later in life, with a minute of its own.
    if (pass === "second") await sleep(MINUTE_MS);
    const result = await ask(worker, "sync");
    const requests = await ask(upstream, "requests");
    if (result.error) throw new Error(String(result.error));
    checkSums(result.cost, truth);
    const seconds = Number(result.seconds);
    const allowed = (Number(requests.analytics) * 60) / PER_MINUTE;
    const figures = [
      keys / seconds,
      seconds,
      Number(requests.all),
      Number(requests.analytics),
      allowed,
      allowed / seconds,
    ];
    const [rows, peak] = [Number(result.rows), Number(result.peakMegabytes)];
    print(
      `${String(keys).padStart(6)}  ${pass.padEnd(6)} ${figures.map((value) => format(value)).join(" ")} ${format(rows, 0)} ${format(peak, 0)}`,
    );
  }
  await stop(worker);
  await stop(upstream);
}
