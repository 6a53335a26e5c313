import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { forgetEnv } from "@/lib/base/env";
import { isMore } from "@/lib/base/money";
import { createKey } from "@/lib/keys/create-key";
import { forgetTurns } from "@/lib/openrouter/pace";
import { syncKey } from "@/lib/sync/run-unit";
import { settleRuns } from "@/lib/sync/worker";
import { type Simulator, startSimulator } from "@/simulator/server";
import type { SimulatedRequest } from "@/simulator/world/requests";
import { createWorld, type World } from "@/simulator/world/world";
import { booked, truth } from "./support/books";
import { connectBroadcast, serveIngest } from "./support/broadcast";
import { createPerson } from "./support/world";

const HOUR_MS = 3_600_000;
/** Broadcast names a model without its variant: then a sync's row is another one than that which it replaces. */
const MODELS = ["openai/gpt-4.1", "anthropic/claude-haiku-4.5", "openai/gpt-4.1:nitro"];

type Stage = {
  world: World;
  simulator: Simulator;
  teamId: number;
  /** Requests whose delivery has not come yet. */
  held: SimulatedRequest[];
  sync(): Promise<void>;
  deliver(request: SimulatedRequest, copies?: number): Promise<void>;
};
type Step = (stage: Stage) => Promise<void> | void;

const origin = serveIngest();
const listed = (world: World) => world.keys().filter((key) => key.kind === "inference" && !key.deletedAt);

const cost = fc.integer({ min: 1, max: 2_000_000_000 }).map((units) => (units / 1e9).toFixed(9));
const delivery = fc.constantFrom("at once", "twice", "late", "never", "during a sync");
const spend = fc
  .record({
    index: fc.nat({ max: 20 }),
    cost,
    model: fc.constantFrom(...MODELS),
    failed: fc.nat({ max: 9 }).map((number) => number === 0),
    hoursLate: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat({ max: 40 })),
    delivery,
  })
  .map(
    ({ index, hoursLate, delivery, ...request }): Step =>
      async ({ world, held, deliver, sync }) => {
        const keys = listed(world);
        const at = new Date(Date.now() - hoursLate * HOUR_MS);
        const made = world.record({ keyHash: keys[index % keys.length]?.hash ?? "", at, ...request });
        if (delivery === "late") held.push(made);
        if (delivery === "at once") await deliver(made);
        if (delivery === "twice") await deliver(made, 2);
        if (delivery === "during a sync") await Promise.all([sync(), deliver(made, 2)]);
      },
  );
const spendPromptly = fc
  .record({
    index: fc.nat({ max: 2 }),
    cost,
    model: fc.constantFrom(...MODELS),
    copies: fc.integer({ min: 1, max: 3 }),
  })
  .map(
    ({ index, copies, ...request }): Step =>
      ({ world, deliver }) =>
        deliver(world.record({ keyHash: listed(world)[index]?.hash ?? "", ...request }), copies),
  );
const arrive = fc.nat({ max: 20 }).map(
  (index): Step =>
    async ({ held, deliver }) => {
      const [request] = held.splice(index % Math.max(1, held.length), 1);
      if (request) await deliver(request);
    },
);
const sync = fc.constant<Step>(({ sync }) => sync());
/** An answer of which one row cannot be read: what is not in it must not be taken for gone, nor counted beside what Broadcast told. */
const incomplete = fc.constant<Step>(async ({ simulator, sync }) => {
  const fault = simulator.faults.add({ kind: "bad-row", match: { path: "/analytics/query" } });
  await sync();
  fault.remove();
});

const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: spend },
    { weight: 4, arbitrary: arrive },
    { weight: 3, arbitrary: sync },
    { weight: 1, arbitrary: incomplete },
  ),
  { minLength: 4, maxLength: 25 },
);

const simulators: Simulator[] = [];
afterAll(() => Promise.all(simulators.map((simulator) => simulator.close())));

/** A new world and a team that watches it: the whole account, or its only key by that key alone. */
async function newStage(watched: "account" | "key"): Promise<Stage> {
  await simulators.pop()?.close();
  const world = createWorld({ seed: 9, days: 0, keys: watched === "account" ? 3 : 1 });
  const simulator = await startSimulator({ world, analyticsRateLimit: false });
  simulators.push(simulator);
  // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
  process.env.OPENROUTER_API_URL = simulator.url;
  forgetEnv();
  const { viewer } = await createPerson();
  const [first] = listed(world);
  const key = watched === "account" ? world.managementKey() : first;
  if (!key) throw new Error("The world has no key");
  const { id } = await createKey(viewer, { name: key.name, key: key.plaintext });
  await settleRuns();
  const isAccount = watched === "account";
  await connectBroadcast(viewer, world, { origin: origin(), ...(isAccount && { managementKeyId: id }) });
  return {
    world,
    simulator,
    teamId: viewer.teamId,
    held: [],
    sync: async () => {
      await forgetTurns();
      await syncKey(id);
    },
    deliver: async (request, copies = 1) => {
      const answers = await simulator.deliver(request, { copies });
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: copies }, () => 200));
    },
  };
}

/** At no time is anything counted that was not spent, or twice. */
async function expectNothingTwice({ teamId, world }: Stage): Promise<void> {
  const [ours, theirs] = [await booked({ teamId }), truth(world)];
  expect(isMore(ours.cost, theirs.cost), `${ours.cost} booked, ${theirs.cost} spent`).toBe(false);
  expect(ours.requests).toBeLessThanOrEqual(theirs.requests);
  expect(ours.input).toBeLessThanOrEqual(theirs.input);
}

async function play(stage: Stage, sequence: Step[]): Promise<void> {
  for (const step of sequence) {
    await step(stage);
    await expectNothingTwice(stage);
  }
  await stage.sync();
}

test("whatever arrives when, nothing is ever counted twice, and after a sync our sums are the ledger's", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const stage = await newStage("account");
      await play(stage, sequence);
      expect(await booked(stage)).toEqual(truth(stage.world));
      for (const request of stage.held) await stage.deliver(request, 2);
      expect(await booked(stage)).toEqual(truth(stage.world));
    }),
    { numRuns: 25 },
  );
}, 300_000);

test("while every request is delivered as it happens, our sums are the ledger's at every moment", async () => {
  const prompt = fc.array(fc.oneof({ weight: 4, arbitrary: spendPromptly }, { weight: 1, arbitrary: sync }), {
    minLength: 4,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(prompt, async (sequence) => {
      const stage = await newStage("account");
      for (const step of sequence) {
        await step(stage);
        expect(await booked(stage)).toEqual(truth(stage.world));
      }
    }),
    { numRuns: 10 },
  );
}, 300_000);

test("nothing is counted twice either in the cost of a key that is measured by its counter alone", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const stage = await newStage("key");
      await play(stage, sequence);
      expect((await booked(stage)).cost).toBe(truth(stage.world).cost);
      for (const request of stage.held) await stage.deliver(request, 2);
      expect((await booked(stage)).cost).toBe(truth(stage.world).cost);
    }),
    { numRuns: 15 },
  );
}, 300_000);
