import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { createKey } from "@/lib/keys/create-key";
import { refreshModels } from "@/lib/models/refresh";
import { forgetTurns } from "@/lib/openrouter/pace";
import { readReconciliation } from "@/lib/reconciliation/read";
import { listSyncRuns } from "@/lib/sync/runs";
import { settleRuns } from "@/lib/sync/worker";
import { readStats } from "@/lib/usage/read/read-stats";
import type { Settings } from "@/simulator/settings";
import { booked, keyRow, syncNow, truth } from "./support/books";
import { DEAF, DIALECTS, speak } from "./support/dialects";
import { simulateOpenRouter } from "./support/openrouter";
import { createPerson } from "./support/world";

const openRouter = simulateOpenRouter({ days: 34, seed: 21, keys: 5, requestsPerDay: 8 });
const world = () => openRouter().world;

/** Two keys of one name, an app's key that shares the name of a listed one, own provider keys, and a variant of a model. */
beforeAll(() => {
  const [first, second, third] = world()
    .keys()
    .filter((key) => key.kind === "inference");
  if (!first || !second || !third) throw new Error("The world has too few keys");
  world().renameKey(second.hash, first.name);
  const app = world().createKey({ name: third.name, kind: "oauth" });
  for (const hoursAgo of [1, 30, 24 * 12]) {
    const at = new Date(world().now().getTime() - hoursAgo * 3_600_000);
    world().record({ keyHash: app.hash, model: "openai/gpt-4.1", cost: "0.75", at });
    world().record({ keyHash: first.hash, model: "anthropic/claude-haiku-4.5", isByok: true, at });
    world().record({ keyHash: third.hash, model: "meta-llama/llama-3.3-70b-instruct", at });
    world().record({ keyHash: third.hash, model: "meta-llama/llama-3.3-70b-instruct:free", at });
  }
});
afterEach(() => speak(openRouter()));

async function connect() {
  const { viewer } = await createPerson();
  await createKey(viewer, { name: "Account", key: world().managementKey().plaintext });
  await settleRuns();
  const { items } = await listSyncRuns(viewer, { page: 1, limit: 1 });
  return { viewer, run: items[0] };
}

const listed = () =>
  world()
    .keys()
    .filter((key) => key.kind === "inference" && key.deletedAt === null);

/** What the ledger says of each model. A permaslug does not tell a variant from its model. */
function costsByModel({ modelShownAs }: Partial<Settings>): [string, string][] {
  const costs = new Map<string, number>();
  for (const { model, cost } of world().ledgerRows({}, ["model"])) {
    const name = modelShownAs === "permaslug" ? String(model).replace(/:.*/, "") : String(model);
    costs.set(name, (costs.get(name) ?? 0) + Number(cost));
  }
  return [...costs].map(([model, cost]): [string, string] => [model, cost.toFixed(8)]).sort();
}

/** `total_usage` has what own provider keys were charged as well. */
const WITHOUT_CREDITS = {
  listedMetrics: ["request_count", "total_usage", "byok_usage", "tokens_prompt", "tokens_completion"],
};
const ALL: Record<string, Partial<Settings>> = { ...DIALECTS, "no credits_usage": WITHOUT_CREDITS };

describe.each(Object.entries(ALL))("with %s", (_name, dialect) => {
  test("every sum is the ledger's: in all, of each key and of each model", async () => {
    Object.assign(openRouter().settings, dialect);
    const { viewer } = await connect();
    expect(await booked(viewer)).toEqual(truth(world()));
    for (const key of listed()) {
      expect(await booked(viewer, key.hash), key.name).toEqual(truth(world(), { keyHash: key.hash }));
    }
    await refreshModels();
    const models = await sql()<{ model: string; cost: string }[]>`
      select model, sum(cost) as cost from usage_stats where team_id = ${viewer.teamId} group by model order by model`;
    expect(models.map(({ model, cost }) => [model, Number(cost).toFixed(8)])).toEqual(costsByModel(dialect));
    await forgetTurns();
    await syncNow(viewer);
    expect(await booked(viewer)).toEqual(truth(world()));
    const { total } = await readReconciliation(viewer);
    expect(total).toMatchObject({ drift: 0, is_off: false });
  });
});

test("a metric that OpenRouter no longer lists costs that metric alone", async () => {
  speak(openRouter(), "no metric but the oldest");
  const { viewer } = await connect();
  const [row] = await sql()<{ cached: number; cacheable: number; web: string | null }[]>`
    select sum(tokens_cached)::bigint as cached, sum(tokens_cacheable) as cacheable, sum(cost_web) as web
    from usage_stats where team_id = ${viewer.teamId}`;
  expect(row).toMatchObject({ cached: null, cacheable: null, web: null });
  expect((await keyRow(viewer, world().managementKey().hash)).measured_by).toBe("analytics");
});

test("parts of the cost add up to it, and are kept for as long as OpenRouter tells them", async () => {
  const { viewer } = await connect();
  const [row] = await sql()<{ difference: string; web: string }[]>`
    select sum(cost - coalesce(cost_upstream, 0) - coalesce(cost_cache, 0) - coalesce(cost_data, 0) - coalesce(cost_web, 0)
        - coalesce(cost_upstream_web, 0) - coalesce(cost_file, 0) - coalesce(cost_upstream_file, 0) - coalesce(cost_web_fetch, 0)
        - coalesce(cost_upstream_web_fetch, 0) - coalesce(cost_byok_fees, 0)) as difference, sum(cost_web) as web
    from usage_hours where team_id = ${viewer.teamId} and granularity = 'hour'`;
  expect(Number(row?.difference)).toBeCloseTo(0, 8);
  expect(Number(row?.web)).toBeGreaterThan(0);
  const days = await sql()`
    select 1 from usage_hours where team_id = ${viewer.teamId} and granularity = 'day' and (cost_byok_fees is not null or cost_upstream is null)`;
  expect(days).toHaveLength(0);
});

test("speed and breakdowns are kept, and the breakdowns' sums are the ledger's", async () => {
  const { viewer } = await connect();
  const sums = await sql()<{ dimension: string; cost: string }[]>`
    select dimension, sum(cost) as cost from breakdown_days where team_id = ${viewer.teamId} group by dimension order by dimension`;
  expect(sums.map(({ dimension }) => dimension)).toEqual(["app", "data_region", "finish_reason", "origin", "variant"]);
  const from = new Date(Math.floor(world().now().getTime() / 86_400_000) * 86_400_000 - 30 * 86_400_000);
  const { cost } = truth(world(), { from });
  expect(sums.map((sum) => Number(sum.cost).toFixed(8))).toEqual(sums.map(() => cost));
  const speeds = await sql()<{ granularity: string; figures: Record<string, number> }[]>`
    select granularity, figures from performance where team_id = ${viewer.teamId}`;
  expect(new Set(speeds.map(({ granularity }) => granularity))).toEqual(new Set(["hour", "day"]));
  expect(speeds[0]?.figures).toMatchObject({ p50_latency: expect.any(Number), p99_throughput: expect.any(Number) });
});

test("where no filter is understood and no error says so, the sum stands and the run, the API and the page tell what is unknown", async () => {
  Object.assign(openRouter().settings, DEAF);
  const { viewer, run } = await connect();
  expect(await booked(viewer)).toEqual(truth(world()));
  expect(run).toMatchObject({ status: "partial", cells_unsplit: expect.any(Number) });
  expect(run?.cells_unsplit).toBeGreaterThan(0);
  expect(run?.errors[0]?.detail).toContain("could not be split");
  expect(await readStats(viewer, {})).toMatchObject({ complete: false });
});
