import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { forgetEnv } from "@/lib/base/env";
import { isMore, subtractMoney } from "@/lib/base/money";
import { createKey } from "@/lib/keys/create-key";
import { forgetTurns } from "@/lib/openrouter/pace";
import { syncKey } from "@/lib/sync/run-unit";
import { settleRuns } from "@/lib/sync/worker";
import type { FaultKind } from "@/simulator/faults";
import { type Simulator, startSimulator } from "@/simulator/server";
import type { Settings } from "@/simulator/settings";
import { createWorld, type World } from "@/simulator/world/world";
import { booked, truth } from "./support/books";
import { DIALECTS } from "./support/dialects";
import { createPerson } from "./support/world";

const HOUR_MS = 3_600_000;
const MODELS = ["openai/gpt-4.1", "anthropic/claude-haiku-4.5", "deepseek/deepseek-chat-v3.1"];
const FAULTS: FaultKind[] = [
  "status429",
  "status500",
  "drop",
  "truncated-json",
  "missing-fields",
  "bad-row",
  "string-numbers",
];

type Stage = { world: World; simulator: Simulator; clock: { now: Date }; sync(): Promise<void> };
type Step = (stage: Stage) => Promise<void> | void;

/** The keys that a step may touch: listed ones that are still there, and the unlisted spenders. */
const spenders = (world: World) => world.keys().filter((key) => key.kind !== "management" && !key.deletedAt);
const listed = (world: World) => world.keys().filter((key) => key.kind === "inference" && !key.deletedAt);
const pick = <T>(items: T[], index: number): T | undefined => items[index % Math.max(1, items.length)];

const index = fc.nat({ max: 50 });
const cost = fc.integer({ min: 1, max: 2_000_000_000 }).map((units) => (units / 1e9).toFixed(9));

const spend = fc.record({ index, cost, model: fc.constantFrom(...MODELS), hoursLate: fc.nat({ max: 40 }) }).map(
  ({ index, cost, model, hoursLate }): Step =>
    ({ world, clock }) => {
      const key = pick(spenders(world), index);
      if (key)
        world.record({ keyHash: key.hash, model, cost, at: new Date(clock.now.getTime() - hoursLate * HOUR_MS) });
    },
);
const pass = fc
  .oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 60 }) }, fc.integer({ min: 24 * 20, max: 24 * 50 }))
  .map(
    (hours): Step =>
      ({ clock }) => {
        clock.now = new Date(clock.now.getTime() + hours * HOUR_MS);
      },
  );
const rename = fc.record({ index, name: fc.constantFrom("alpha", "beta", "gamma", "app") }).map(
  ({ index, name }): Step =>
    ({ world }) => {
      const key = pick(listed(world), index);
      if (key) world.renameKey(key.hash, name);
    },
);
const create = fc.constantFrom("alpha", "beta", "delta").map(
  (name): Step =>
    ({ world }) =>
      void world.createKey({ name }),
);
const disable = index.map(
  (index): Step =>
    ({ world }) => {
      const key = pick(listed(world), index);
      if (key) world.disableKey(key.hash);
    },
);
const remove = index.map(
  (index): Step =>
    ({ world }) => {
      const keys = listed(world);
      const key = pick(keys, index);
      if (key && keys.length > 2) world.deleteKey(key.hash);
    },
);
const fault = fc.record({ kind: fc.constantFrom(...FAULTS), times: fc.integer({ min: 1, max: 2 }) }).map(
  ({ kind, times }): Step =>
    ({ simulator }) => {
      simulator.faults.add({ kind, times, retryAfterSeconds: 0 });
    },
);
const sync = fc.constant<Step>(({ sync }) => sync());

const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: spend },
    { weight: 4, arbitrary: pass },
    { weight: 3, arbitrary: sync },
    { weight: 2, arbitrary: rename },
    { weight: 1, arbitrary: create },
    { weight: 1, arbitrary: disable },
    { weight: 1, arbitrary: remove },
    { weight: 1, arbitrary: fault },
  ),
  { minLength: 6, maxLength: 30 },
);

let stage: (Stage & { teamId: number }) | undefined;

/** A new world, connected when it was still empty, at a time that crosses both changes of the clocks. */
async function newStage(dialect: Partial<Settings>): Promise<Stage & { teamId: number }> {
  await stage?.simulator.close();
  const clock = { now: new Date("2025-03-20T10:00:00Z") };
  const world = createWorld({ seed: 5, now: () => clock.now, days: 0, keys: 3 });
  world.createKey({ name: "an app by OAuth", kind: "oauth" });
  const simulator = await startSimulator({ world, analyticsRateLimit: false, ...dialect });
  // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
  process.env.OPENROUTER_API_URL = simulator.url;
  forgetEnv();
  const { viewer } = await createPerson();
  const { id } = await createKey(viewer, { name: "Account", key: world.managementKey().plaintext });
  await settleRuns();
  await sql()`update api_keys set last_synced_at = null, measured_by = null where team_id = ${viewer.teamId}`;
  const sync = async () => {
    await forgetTurns();
    await syncKey(id, { now: clock.now });
  };
  stage = { world, simulator, clock, sync, teamId: viewer.teamId };
  await sync();
  return stage;
}

afterAll(async () => {
  await stage?.simulator.close();
});

test("whatever happens at OpenRouter and however it answers, after a clean sync our sums are its ledger's", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.values(DIALECTS)), steps, async (dialect, sequence) => {
      const { world, simulator, sync, teamId, ...rest } = await newStage(dialect);
      for (const step of sequence) await step({ world, simulator, sync, ...rest });
      simulator.faults.clear();
      // What OpenRouter answers from a cache is a minute old at most.
      rest.clock.now = new Date(rest.clock.now.getTime() + 2 * 60_000);
      await sync();
      expect(await booked({ teamId })).toEqual(truth(world));
      for (const key of listed(world)) {
        const [ours, theirs] = [(await booked({ teamId }, key.hash)).cost, truth(world, { keyHash: key.hash }).cost];
        expect(ours, key.name).toBe(theirs);
      }
      await sync();
      expect(isMore(subtractMoney((await booked({ teamId })).cost, truth(world).cost), "0")).toBe(false);
    }),
    { numRuns: 40 },
  );
}, 300_000);
