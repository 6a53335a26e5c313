import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** Little room, so that the peak shows what is needed and not what has not been collected yet. */
const LITTLE = ["--max-old-space-size=96", "--max-semi-space-size=4"];

export type Told = Record<string, unknown>;

/** Puts a question to one of the benchmark's processes. */
export async function ask(child: ChildProcess, question: string): Promise<Told> {
  child.send(question);
  const [answer] = await once(child, "message");
  return answer as Told;
}

function start(file: string, args: string[], heap: string[], environment = {}): Promise<[ChildProcess, Told]> {
  const child = fork(path.join(import.meta.dirname, file), args, {
    execArgv: [...heap, "--import", "tsx", "--conditions=react-server"],
    // biome-ignore lint/style/noProcessEnv: children get the environment of the benchmark and their own variables
    env: { ...process.env, ...environment },
  });
  return once(child, "message").then(([hello]) => [child, hello as Told]);
}

/** OpenRouter's side; a long history needs room for its books. */
export const startUpstream = (args: (number | string)[], heapMegabytes = 256): Promise<[ChildProcess, Told]> =>
  start("upstream.ts", args.map(String), [`--max-old-space-size=${heapMegabytes}`]);

/** The product's side, on a database of its own. */
export async function startWorker(upstream: Told, url: string, history: "known" | "new"): Promise<ChildProcess> {
  const [worker] = await start("sync-worker.ts", [String(upstream.managementKey), history], LITTLE, {
    DATABASE_URL: url,
    OPENROUTER_API_URL: String(upstream.url),
    SECRET_KEY: "a secret for the benchmark, and only for it",
    ENCRYPTION_KEY: "00".repeat(32),
    LOG_LEVEL: "error",
  });
  return worker;
}

export async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.disconnect();
  await gone;
}

/** Throws where what was booked is not what the upstream's ledger says. */
export function checkSums(booked: unknown, truth: unknown): void {
  if (Math.abs(Number(booked) - Number(truth)) > 1e-8)
    throw new Error(`Booked ${booked} USD, the ledger says ${truth}`);
}

export const format = (value: number, digits = 1): string => value.toFixed(digits).padStart(9);
