import type { NextRequest } from "next/server";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { GET, POST, PUT } from "@/app/api/inngest/route";
import { sql } from "@/db/client";
import { forgetEnv } from "@/lib/base/env";
import { createKey } from "@/lib/keys/create-key";
import { getKey } from "@/lib/keys/keys";
import { forgetTurns } from "@/lib/openrouter/pace";
import { forgetInngest } from "@/lib/queue/inngest-client";
import { getSyncRun, requestSync } from "@/lib/sync/runs";
import { settleRuns } from "@/lib/sync/worker";
import { asSuperuser } from "./support/database";
import { EVENT_KEY, SIGNING_KEY, startInngestServer } from "./support/inngest-server";
import { simulateOpenRouter } from "./support/openrouter";
import { createPerson } from "./support/world";

const openRouter = simulateOpenRouter({ days: 8, seed: 21 });
const world = () => openRouter().world;
const ADDRESS = "http://127.0.0.1:9/api/inngest";

/** Inngest waits as long as it is asked to before it calls again, and a minute has always passed. */
const deliver = async (request: Request): Promise<Response> => {
  await forgetTurns();
  const handler = { GET, POST, PUT }[request.method as "GET" | "POST" | "PUT"];
  return handler(request as NextRequest, undefined);
};

let inngest: Awaited<ReturnType<typeof startInngestServer>>;

beforeAll(async () => {
  inngest = await startInngestServer(deliver);
  // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
  Object.assign(process.env, {
    INNGEST_EVENT_KEY: EVENT_KEY,
    INNGEST_SIGNING_KEY: SIGNING_KEY,
    INNGEST_BASE_URL: inngest.url,
  });
  forgetEnv();
  forgetInngest();
});

afterAll(() => inngest.close());

afterEach(() => {
  openRouter().faults.clear();
  inngest.refuse(false);
});

const register = () => deliver(new Request(ADDRESS, { method: "PUT", body: "{}" }));

const spent = async (teamId: number) => {
  const [row] = await sql()<{ cost: string }[]>`
    select coalesce(sum(cost), 0) as cost from usage_stats where team_id = ${teamId}`;
  return Number(row?.cost).toFixed(8);
};

const truth = () => Number(world().ledger({}).cost).toFixed(8);

async function connectAccount() {
  const { viewer } = await createPerson();
  const { id } = await createKey(viewer, { name: "Account", key: world().managementKey().plaintext });
  return { viewer, id };
}

describe("an Inngest server that speaks to us", () => {
  test("learns our functions, their clocks and their limits", async () => {
    expect((await register()).status).toBe(200);
    const told = Object.fromEntries(inngest.functions.map((one) => [one.id.replace("openrouter-monitor-", ""), one]));
    expect(Object.keys(told).sort()).toEqual([
      "clean-up",
      "clean-up-failure",
      "refresh-models",
      "refresh-models-failure",
      "sync-key",
      "sync-key-failure",
      "sync-run",
      "sync-run-failure",
      "sync-teams",
      "sync-teams-failure",
      "validate-keys",
      "validate-keys-failure",
    ]);
    expect(told["sync-teams"]?.triggers).toEqual([{ cron: "0 */1 * * *" }]);
    expect(told["sync-key"]).toMatchObject({
      concurrency: { key: "event.data.account", limit: 1 },
      throttle: { key: "event.data.account", limit: 64, period: "1m" },
    });
  });

  test("is refused when it does not sign, or signs with another key", async () => {
    const body = { event: { name: "sync/run.requested", data: { run_id: 1 } }, events: [], steps: {}, ctx: null };
    const url = `${ADDRESS}?fnId=openrouter-monitor-sync-run&stepId=step`;
    const unsigned = await deliver(new Request(url, { method: "POST", body: JSON.stringify(body) }));
    expect(unsigned.status).toBe(401);
    expect((await inngest.post(url, body, `signkey-test-${"ab".repeat(32)}`)).status).toBe(401);
    expect((await deliver(new Request(ADDRESS))).status).toBe(401);
  });
});

describe("a sync that Inngest drives", () => {
  test("books what the ledger says, one account's keys one after the other, and closes the run", async () => {
    const { viewer } = await connectAccount();
    expect(inngest.queue.map(({ event }) => event.name)).toEqual(["sync/run.requested"]);
    const ended = await inngest.settle();
    expect(ended.filter((run) => run.error)).toEqual([]);
    expect(await spent(viewer.teamId)).toBe(truth());
    const { run_id } = await requestSync(viewer, {});
    await inngest.settle();
    expect(await getSyncRun(viewer, { run_id })).toMatchObject({ status: "succeeded", errors: [] });
    expect(await spent(viewer.teamId)).toBe(truth());
  });

  test("is queued for every team when the clock strikes, once per moment, and recorded", async () => {
    const { viewer } = await connectAccount();
    await inngest.settle();
    const moment = new Date(Date.UTC(2026, 2, 1, 10));
    inngest.strike("sync-teams", moment);
    inngest.strike("sync-teams", moment);
    const ended = await inngest.settle();
    expect(ended.filter((run) => run.functionId.endsWith("sync-teams")).map((run) => run.output)).toMatchObject([
      { forgotten: 0 },
      { queued: 0, forgotten: 0 },
    ]);
    const runs = await sql()`select status from sync_runs where team_id = ${viewer.teamId} and trigger = 'schedule'`;
    expect(runs).toEqual([{ status: "succeeded" }]);
    expect(await sql()`select job, status from job_runs where job = 'sync usage'`).toEqual([
      { job: "sync usage", status: "succeeded" },
    ]);
  });

  test("tries a step again that OpenRouter let down, and ends well", async () => {
    const { viewer } = await connectAccount();
    await inngest.settle();
    openRouter().faults.add({ kind: "status429", times: 2, retryAfterSeconds: 120, match: { path: "/keys" } });
    const { run_id } = await requestSync(viewer, {});
    const ended = await inngest.settle();
    const unit = ended.find((run) => run.functionId.endsWith("sync-key"));
    expect(unit?.waits.length).toBe(2);
    expect(unit?.waits.map(Number)).toEqual([120, 120]);
    expect(await getSyncRun(viewer, { run_id })).toMatchObject({ status: "succeeded" });
  });

  test("gives up on one account after its tries, records that, and lets the others go on", async () => {
    const { viewer, id } = await connectAccount();
    const bob = await createPerson();
    const other = world().keyNamed("prod-web");
    const watched = await createKey(bob.viewer, { name: "Web", key: other.plaintext });
    await inngest.settle();
    const { hash: keyHash } = world().managementKey();
    openRouter().faults.add({ kind: "status429", retryAfterSeconds: 120, match: { keyHash } });
    const lost = await requestSync(viewer, {});
    const fine = await requestSync(bob.viewer, {});
    const ended = await inngest.settle();
    expect(ended.some((run) => run.functionId.endsWith("sync-key-failure"))).toBe(true);
    const run = await getSyncRun(viewer, lost);
    expect(run).toMatchObject({ status: "failed" });
    expect(run.errors).toContainEqual(
      expect.objectContaining({ api_key_id: id, detail: expect.stringContaining("slow down") }),
    );
    expect(await getSyncRun(bob.viewer, fine)).toMatchObject({ status: "succeeded" });
    expect((await getKey(bob.viewer, { id: watched.id })).last_sync_error).toBeNull();
    expect(inngest.mostAtOnce()).toBeGreaterThan(1);
  });

  test("that cannot be handed on is closed as failed, in words, and the next one is none the worse", async () => {
    const { viewer, id } = await connectAccount();
    await inngest.settle();
    const lost = await requestSync(viewer, {});
    inngest.refuse(true);
    const ended = await inngest.settle();
    expect(ended.map((run) => run.functionId)).toEqual([
      "openrouter-monitor-sync-run",
      "openrouter-monitor-sync-run-failure",
    ]);
    const run = await getSyncRun(viewer, lost);
    const detail = "The sync could not be handed on to Inngest; the server's log says why";
    expect(run).toMatchObject({ status: "failed", keys_done: run.keys_total });
    expect(run.errors).toContainEqual(expect.objectContaining({ api_key_id: id, detail }));
    inngest.refuse(false);
    const next = await requestSync(viewer, {});
    await inngest.settle();
    expect(await getSyncRun(viewer, next)).toMatchObject({ status: "succeeded" });
  });

  test("of all teams that Inngest does not take is a failed run of its job, in words", async () => {
    await connectAccount();
    await inngest.settle();
    const moment = new Date(Date.UTC(2026, 2, 1, 12));
    inngest.strike("sync-teams", moment);
    inngest.refuse(true);
    await inngest.settle();
    const noted = () => sql()`
      select status, detail, finished_at is not null as ended from job_runs
      where job = 'sync usage' and scheduled_for = ${moment.toISOString()}`;
    expect(await noted()).toEqual([{ status: "failed", detail: expect.stringContaining("not now"), ended: true }]);
    inngest.refuse(false);
    inngest.strike("sync-teams", moment);
    await inngest.settle();
    expect(await noted()).toMatchObject([{ status: "succeeded" }]);
  });

  test("goes on in this process when Inngest cannot be reached", async () => {
    const { viewer } = await connectAccount();
    await inngest.settle();
    inngest.refuse(true);
    const { run_id } = await requestSync(viewer, {});
    await settleRuns();
    expect(await getSyncRun(viewer, { run_id })).toMatchObject({ status: "succeeded" });
  });

  test("is found again when its event was lost", async () => {
    const { viewer } = await connectAccount();
    inngest.queue.splice(0);
    await sql()`update sync_runs set created_at = now() - interval '2 hours' where team_id = ${viewer.teamId}`;
    inngest.strike("sync-teams", new Date(Date.UTC(2026, 2, 1, 11)));
    await inngest.settle();
    expect(await spent(viewer.teamId)).toBe(truth());
  });
});

describe("the other jobs", () => {
  test("run when their clock strikes and are recorded", async () => {
    inngest.strike("validate-keys", new Date(Date.UTC(2026, 2, 2, 2)));
    inngest.strike("clean-up", new Date(Date.UTC(2026, 2, 8, 3)));
    const ended = await inngest.settle();
    expect(ended.map((run) => run.error)).toEqual([undefined, undefined]);
    const jobs = await sql()`select job, status from job_runs where job in ('validate keys', 'clean up') order by job`;
    expect(jobs).toEqual([
      { job: "clean up", status: "succeeded" },
      { job: "validate keys", status: "succeeded" },
    ]);
  });

  test("are recorded as failed, in words, when every try of theirs failed, and can be done at the same moment again", async () => {
    const moment = new Date(Date.UTC(2026, 2, 3, 2));
    await asSuperuser((superuser) => superuser`alter table api_keys rename to api_keys_away`);
    inngest.strike("validate-keys", moment);
    const ended = await inngest.settle();
    await asSuperuser((superuser) => superuser`alter table api_keys_away rename to api_keys`);
    expect(ended.map((run) => run.functionId)).toEqual([
      "openrouter-monitor-validate-keys",
      "openrouter-monitor-validate-keys-failure",
    ]);
    // Three tries, and the call in which the function hears that the step is given up.
    expect(ended[0]?.calls).toBe(4);
    const noted = () => sql()`select status, detail from job_runs where scheduled_for = ${moment.toISOString()}`;
    expect(await noted()).toEqual([{ status: "failed", detail: expect.stringContaining("api_keys") }]);
    inngest.strike("validate-keys", moment);
    await inngest.settle();
    expect(await noted()).toMatchObject([{ status: "succeeded" }]);
  });
});
