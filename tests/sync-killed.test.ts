import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { forgetEnv } from "@/lib/base/env";
import { createKey } from "@/lib/keys/create-key";
import { forgetTurns } from "@/lib/openrouter/pace";
import { requestSync } from "@/lib/sync/runs";
import { allowRuns, stopRuns, workRun } from "@/lib/sync/worker";
import { createRandom } from "@/simulator/random";
import { type Simulator, startSimulator } from "@/simulator/server";
import { booked, truth } from "./support/books";
import { createPerson } from "./support/world";

/** As many kills as fit into half a minute of a busy machine; MONITOR_KILLS asks for more. */
// biome-ignore lint/style/noProcessEnv: a setting of this test alone
const KILLS = Number(process.env.MONITOR_KILLS ?? 12);
const IDLE_PROCESSES = 3;
const LATENCY_MS = 15;

let simulator: Simulator;
const idle: Promise<ChildProcess>[] = [];
const children: ChildProcess[] = [];

/** Processes need longer to start than a sync takes, so some stand by. */
async function startProcess(): Promise<ChildProcess> {
  const args = ["--import", "tsx", "--conditions=react-server", "tests/support/sync-process.ts"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  children.push(child);
  await once(child, "message");
  return child;
}

async function takeProcess(): Promise<ChildProcess> {
  while (idle.length < IDLE_PROCESSES) idle.push(startProcess());
  const child = await idle.shift();
  if (!child) throw new Error("No process stands by");
  return child;
}

beforeAll(async () => {
  simulator = await startSimulator({
    world: { days: 6, seed: 31, keys: 3, requestsPerDay: 20 },
    analyticsRateLimit: false,
    latencyMs: LATENCY_MS,
  });
  // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
  process.env.OPENROUTER_API_URL = simulator.url;
  forgetEnv();
});

afterEach(forgetTurns);

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await simulator.close();
});

/** A team whose account is connected; nobody has begun to sync it. Answers the run that waits. */
async function connectAccount(): Promise<{ viewer: Viewer; run: number }> {
  const { viewer } = await createPerson();
  await stopRuns();
  await createKey(viewer, { name: "Account", key: simulator.world.managementKey().plaintext });
  const { run_id: run } = await requestSync(viewer, {});
  allowRuns();
  return { viewer, run };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** What the database's clock does in 15 s. */
const passTime = () => sql()`update leases set until = now() - interval '1 second'`;

/** Waits until a sync has asked OpenRouter so often, and a little longer, so that some kills fall between two questions. */
async function reach(calls: number, afterwardsMs: number, hasEnded: () => boolean): Promise<void> {
  while (simulator.requests.length < calls && !hasEnded()) await pause(1);
  await pause(afterwardsMs);
}

test(
  `a process killed at any of ${KILLS} moments of a sync loses nothing and counts nothing twice`,
  async () => {
    const first = await connectAccount();
    const child = await takeProcess();
    simulator.clearRequests();
    child.send(first.run);
    await once(child, "message");
    const calls = simulator.requests.length;
    expect(await booked(first.viewer)).toEqual(truth(simulator.world));
    child.kill("SIGKILL");

    let unfinished = 0;
    for (let seed = 0; seed < KILLS; seed++) {
      const { viewer, run } = await connectAccount();
      const victim = await takeProcess();
      const random = createRandom(`kill ${seed}`);
      let hasEnded = false;
      victim.once("message", () => {
        hasEnded = true;
      });
      simulator.clearRequests();
      victim.send(run);
      await reach(1 + Math.floor(random.next() * calls), random.next() * 2 * LATENCY_MS, () => hasEnded);
      expect(simulator.requests.length, `the sync of seed ${seed} had begun`).toBeGreaterThan(0);
      victim.kill("SIGKILL");
      await once(victim, "exit");
      await passTime();
      const [left] = await sql()`select 1 from sync_runs where id = ${run} and finished_at is null`;
      if (left) unfinished++;
      await workRun(run);
      expect(await booked(viewer), `after the kill of seed ${seed}`).toEqual(truth(simulator.world));
      const [after] = await sql()`select status from sync_runs where id = ${run}`;
      expect(after, `after the kill of seed ${seed}`).toEqual({ status: "succeeded" });
      await forgetTurns();
    }
    expect(unfinished).toBeGreaterThan(KILLS / 2);
  },
  KILLS * 10_000,
);

test("a process that is told to stop during a sync gives its leases back, and the next one goes on at once", async () => {
  const { viewer, run } = await connectAccount();
  const child = await takeProcess();
  simulator.clearRequests();
  child.send(run);
  while (simulator.requests.length === 0) await pause(2);
  const seconds =
    (await timed(async () => {
      child.kill("SIGTERM");
      expect(await once(child, "exit")).toEqual([0, null]);
    })) / 1000;
  expect(seconds).toBeLessThan(10);
  expect(await sql()`select name from leases where until > now() and name not like 'turn:%'`).toEqual([]);
  await workRun(run);
  expect(await booked(viewer)).toEqual(truth(simulator.world));
}, 30_000);
