import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { startServer } from "@/db/embedded/server";
import { migrateDatabase } from "@/db/migrate";

/**
 * How fast a sync of many keys is against the time that OpenRouter's own limit of 64 analytics requests a minute allows for the requests made. Prints one
 * line per size and pass; the sums are checked against the upstream's ledger before a figure counts.
 */
const SIZES = [100, 1000];
const PER_MINUTE = 64;
const MINUTE_MS = 60_000;
/** Little room at either size, so that the peak shows what is needed and not what has not been collected yet. */
const HEAP = ["--max-old-space-size=64", "--max-semi-space-size=4"];

type Answer = Record<string, unknown>;

async function ask(child: ChildProcess, question: string): Promise<Answer> {
  child.send(question);
  const [answer] = await once(child, "message");
  return answer as Answer;
}

function start(
  file: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<[ChildProcess, Answer]> {
  const child = fork(path.join(import.meta.dirname, file), args, {
    execArgv: [...HEAP, "--import", "tsx", "--conditions=react-server"],
    // biome-ignore lint/style/noProcessEnv: children get the environment of the benchmark and their own variables
    env: { ...process.env, ...environment },
  });
  return once(child, "message").then(([hello]) => [child, hello as Answer]);
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.disconnect();
  await gone;
}

const format = (value: number, digits = 1): string => value.toFixed(digits).padStart(9);

async function measure(keys: number, url: string): Promise<void> {
  const [upstream, { url: api, managementKey }] = await start("upstream.ts", [String(keys)]);
  const [worker] = await start("sync-worker.ts", [String(managementKey)], {
    DATABASE_URL: url,
    OPENROUTER_API_URL: String(api),
    SECRET_KEY: "a secret for the benchmark, and only for it",
    ENCRYPTION_KEY: "00".repeat(32),
    LOG_LEVEL: "error",
  });
  const { cost: truth } = await ask(upstream, "ledger");
  await ask(upstream, "requests");
  for (const pass of ["first", "second"]) {
    // The next sync is an hour later in life, with a minute of its own.
    if (pass === "second") await sleep(MINUTE_MS);
    const result = await ask(worker, "sync");
    const requests = await ask(upstream, "requests");
    if (result.error) throw new Error(String(result.error));
    if (Math.abs(Number(result.cost) - Number(truth)) > 1e-8)
      throw new Error(`Booked ${result.cost} USD, the ledger says ${truth}`);
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

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const dataDir = await mkdtemp(path.join(tmpdir(), "openrouter-monitor-bench-"));
const server = await startServer({ dataDir, password: "bench", durable: true });
print("  keys  pass      keys/s   seconds  requests analytics   allowed     ratio      rows   peak MB");
try {
  for (const keys of SIZES) {
    const admin = postgres(server.urlOf("postgres"), { max: 1 });
    await admin`create database ${admin(`bench_${keys}`)}`;
    await admin.end();
    const url = server.urlOf(`bench_${keys}`);
    await migrateDatabase(url);
    await measure(keys, url);
  }
  print(
    "allowed = seconds that 64 analytics requests a minute leave for the requests made; ratio = allowed ÷ seconds, 1 or more is as fast as OpenRouter lets us be.",
  );
} finally {
  await server.stop("immediate");
  await rm(dataDir, { recursive: true, force: true });
}
