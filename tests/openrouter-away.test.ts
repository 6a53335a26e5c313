import { afterEach, expect, test, vi } from "vitest";
import { GET as readDashboard } from "@/app/api/stats/dashboard/route";
import { GET as readStats } from "@/app/api/v1/stats/route";
import { sql } from "@/db/client";
import { addDays, startOfDay } from "@/lib/base/time";
import { queueAllTeams } from "@/lib/jobs/sync-all";
import { validateKeys } from "@/lib/jobs/validate-keys";
import { createKey } from "@/lib/keys/create-key";
import { getKey, listKeys } from "@/lib/keys/keys";
import { forgetTurns } from "@/lib/openrouter/pace";
import { getSyncRun, listSyncRuns } from "@/lib/sync/runs";
import { settleRuns, workRun } from "@/lib/sync/worker";
import { createToken } from "@/lib/tokens/tokens";
import { booked, truth } from "./support/books";
import { simulateOpenRouter } from "./support/openrouter";
import { context, createPerson, requestTo } from "./support/world";

const MINUTE = 60_000;
/** Five past nine of tomorrow, UTC: later than all that the simulated account has done so far, and far from midnight. */
const MORNING = new Date(addDays(startOfDay(new Date()), 1).getTime() + (9 * 60 + 5) * MINUTE);
const openRouter = simulateOpenRouter({ days: 4, seed: 23, keys: 2, requestsPerDay: 12 });
const world = () => openRouter().world;

afterEach(() => {
  vi.useRealTimers();
});

/** Everybody's clock, OpenRouter's too, moves on; nobody waits. */
async function pass(minutes: number): Promise<void> {
  vi.setSystemTime(Date.now() + minutes * MINUTE);
  await sql()`update leases set until = until - make_interval(mins => ${minutes}::int)`;
}

const spend = (cost: string) =>
  world().record({ keyHash: world().keyNamed("key-0001").hash, model: "openai/gpt-4.1", cost });

/** What the schedule does every hour, for all teams. */
async function syncAll(): Promise<void> {
  for (const run of await queueAllTeams()) await workRun(run);
}

test("OpenRouter away for an hour: pages tell how old they are, keys keep their status, and afterwards the sums are the ledger's", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: MORNING });
  const { viewer, accessToken } = await createPerson();
  const { id } = await createKey(viewer, { name: "Account", key: world().managementKey().plaintext });
  await settleRuns();
  const apiToken = (await createToken(viewer, { name: "Program", scopes: ["read:stats"] })).token;
  const read = async (door: typeof readStats, path: string, token: string) => {
    const response = await door(requestTo(path, { token }), context());
    expect(response.status).toBe(200);
    return (await response.json()) as { data_as_of?: string; summary: { total_cost: number } };
  };
  const figures = async () => ({
    page: await read(readDashboard, "/api/stats/dashboard", accessToken),
    program: await read(readStats, "/api/v1/stats", apiToken),
  });
  const before = {
    figures: await figures(),
    books: await booked(viewer),
    keys: await listKeys(viewer, { page: 1, limit: 100 }),
  };
  const syncedAt = (await getKey(viewer, { id })).last_synced_at;
  expect(syncedAt?.slice(0, 16)).toBe(MORNING.toISOString().slice(0, 16));

  const away = openRouter().faults.add({ kind: "status500" });
  for (const _ of ["9:35", "10:05"]) {
    await pass(30);
    spend("0.1000001");
    openRouter().clearRequests();
    await syncAll();
    // One question and three tries, each after a longer pause, and then peace until the next run.
    expect(openRouter().requests).toHaveLength(4);
  }
  away.remove();
  const refusing = openRouter().faults.add({
    kind: "status429",
    retryAfterSeconds: 1200,
    match: { path: "/analytics/query" },
  });
  await syncAll();
  openRouter().clearRequests();
  await syncAll();
  const questions = openRouter().requests.filter(({ path }) => path === "/analytics/query");
  expect(questions, "a Retry-After is kept to by the next run").toHaveLength(0);
  refusing.remove();
  const dropping = openRouter().faults.add({ kind: "drop" });
  expect(await validateKeys()).toBe("0 accepted, 0 not accepted, 1 not checked");
  dropping.remove();

  const { items } = await listSyncRuns(viewer, { page: 1, limit: 10 });
  const failed = items.filter((run) => run.trigger === "schedule");
  expect(failed).toHaveLength(4);
  for (const run of failed) {
    expect(run.status).toBe("failed");
    expect(run.errors[0]?.detail).toMatch(
      /^OpenRouter (has a problem of its own|asks us to slow down|asked us to slow down)/,
    );
  }
  const key = await getKey(viewer, { id });
  expect(key).toMatchObject({
    status: "valid",
    status_detail: expect.stringMatching(/^Not checked: /),
    last_synced_at: syncedAt,
  });
  expect(key.last_sync_error).toMatch(/slow down/);
  const statuses = async () => (await listKeys(viewer, { page: 1, limit: 100 })).items.map((one) => one.status);
  expect(await statuses()).toEqual(before.keys.items.map((one) => one.status));
  const meanwhile = await figures();
  expect(meanwhile.program.data_as_of).toBe(before.figures.program.data_as_of);
  expect(meanwhile.program.summary).toEqual(before.figures.program.summary);
  expect(meanwhile.page.summary.total_cost).toBe(before.figures.page.summary.total_cost);
  expect(await booked(viewer)).toEqual(before.books);

  await pass(20);
  const [next] = await queueAllTeams();
  await workRun(next ?? 0);
  expect(await getSyncRun(viewer, { run_id: next ?? 0 })).toMatchObject({ status: "succeeded", errors: [] });
  expect(await booked(viewer)).toEqual(truth(world()));
  expect(await getKey(viewer, { id })).toMatchObject({ status: "valid", status_detail: null, last_sync_error: null });
  expect(Date.parse((await figures()).program.data_as_of ?? "")).toBe(Date.now());
  await forgetTurns();
}, 40_000);
