import { InngestTestEngine } from "@inngest/test";
import { beforeAll, describe, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { plainJob } from "@/inngest/plain-job";
import { syncKey } from "@/inngest/sync-key";
import { syncRun } from "@/inngest/sync-run";
import { syncTeams } from "@/inngest/sync-teams";
import { forgetEnv } from "@/lib/base/env";
import { createKey } from "@/lib/keys/create-key";
import { forgetTurns } from "@/lib/openrouter/pace";
import { checkInngest, forgetInngest, KeyRequested, RunRequested, usesInngest } from "@/lib/queue/inngest-client";
import { getSyncRun, queueRun } from "@/lib/sync/runs";
import { settleRuns } from "@/lib/sync/worker";
import { simulateOpenRouter } from "./support/openrouter";
import { createPerson } from "./support/world";

const openRouter = simulateOpenRouter({ days: 4, seed: 5 });

function setInngest(variables: Record<string, string>): void {
  // biome-ignore-start lint/style/noProcessEnv: this is where the tests' environment is made
  for (const name of ["INNGEST_DEV", "INNGEST_EVENT_KEY", "INNGEST_SIGNING_KEY"]) delete process.env[name];
  Object.assign(process.env, variables);
  // biome-ignore-end lint/style/noProcessEnv: this is where the tests' environment is made
  forgetEnv();
  forgetInngest();
}

/** A queued run of somebody with one key, before anybody works on it. */
async function queuedRun() {
  const { viewer } = await createPerson();
  const { id } = await createKey(viewer, { name: "Web", key: openRouter().world.keyNamed("prod-web").plaintext });
  await settleRuns();
  const run = await queueRun(db(), { teamId: viewer.teamId, trigger: "manual", requestedBy: null, keyId: null });
  return { viewer, keyId: id, runId: run ?? 0 };
}

describe("Inngest", () => {
  test("is in charge only when it is configured, and never half configured", () => {
    setInngest({});
    expect(usesInngest()).toBe(false);
    setInngest({ INNGEST_DEV: "0" });
    expect(usesInngest()).toBe(false);
    setInngest({ INNGEST_DEV: "http://127.0.0.1:8288" });
    expect(usesInngest()).toBe(true);
    setInngest({ INNGEST_EVENT_KEY: "key" });
    expect(checkInngest).toThrow("INNGEST_SIGNING_KEY is not set: with INNGEST_EVENT_KEY it is required");
    setInngest({ INNGEST_EVENT_KEY: "key", INNGEST_SIGNING_KEY: "signkey-test-00" });
    expect(checkInngest).not.toThrow();
  });
});

describe("each function", () => {
  beforeAll(() => setInngest({}));

  test("sync-run cuts a run into units and asks for each", async () => {
    const { viewer, runId } = await queuedRun();
    const { id: _, ...event } = RunRequested.create({ run_id: runId });
    const engine = new InngestTestEngine({
      function: syncRun(),
      events: [event],
      steps: [{ id: "fan out", handler: () => ({ ids: [] }) }],
    });
    const { result } = await engine.execute();
    expect(result).toEqual({ units: 1 });
    expect(await getSyncRun(viewer, { run_id: runId })).toMatchObject({ status: "running", keys_total: 1 });
  });

  test("sync-key works on one unit and closes the run with the last", async () => {
    const { viewer, runId, keyId } = await queuedRun();
    const event = KeyRequested.create({ run_id: runId, api_key_id: keyId, account: keyId });
    const { result } = await new InngestTestEngine({ function: syncKey(), events: [event] }).execute();
    expect(result).toEqual({ result: expect.stringMatching(/^\d+ rows written$/) });
    expect(await getSyncRun(viewer, { run_id: runId })).toMatchObject({ status: "succeeded", keys_done: 1 });
  });

  test("sync-key hands OpenRouter's passing failures to Inngest, and keeps the lasting ones", async () => {
    const { viewer, runId, keyId } = await queuedRun();
    const event = KeyRequested.create({ run_id: runId, api_key_id: keyId, account: keyId });
    const passing = openRouter().faults.add({ kind: "status429", retryAfterSeconds: 300 });
    const failed = await new InngestTestEngine({ function: syncKey(), events: [event] }).execute();
    expect(failed.error).toMatchObject({ message: expect.stringContaining("slow down") });
    passing.remove();
    await forgetTurns();
    const lasting = openRouter().faults.add({ kind: "status401" });
    const { result } = await new InngestTestEngine({ function: syncKey(), events: [event] }).execute();
    lasting.remove();
    expect(result).toEqual({ result: expect.stringContaining("does not accept this key") });
    expect(await getSyncRun(viewer, { run_id: runId })).toMatchObject({ status: "failed", keys_done: 1 });
  });

  test("sync-teams queues every team's run", async () => {
    await sql()`update sync_runs set finished_at = now() where finished_at is null`;
    const engine = new InngestTestEngine({
      function: syncTeams({ name: "sync usage", cron: "0 * * * *", work: async () => "" }),
      events: [{ name: "inngest/scheduled.timer", data: {}, ts: Date.UTC(2026, 4, 1) }],
      steps: [{ id: "fan out", handler: () => ({ ids: [] }) }],
    });
    const { result } = await engine.execute();
    expect(result).toEqual({ queued: 3, forgotten: 0 });
  });

  test("a plain job says what it did, and fails where its work fails", async () => {
    const events = [{ name: "inngest/scheduled.timer", data: {}, ts: Date.UTC(2026, 4, 2) }] as const;
    const fine = plainJob({ name: "clean up", cron: "0 3 * * 0", work: async () => "cleaned" });
    expect((await new InngestTestEngine({ function: fine, events: [...events] }).execute()).result).toEqual({
      result: "cleaned",
    });
    const broken = plainJob({ name: "backup", cron: "0 4 * * *", work: () => Promise.reject(new Error("disk full")) });
    const { error } = await new InngestTestEngine({ function: broken, events: [...events] }).execute();
    expect(error).toMatchObject({ message: "disk full" });
    expect(await sql()`select status, detail from job_runs where job = 'backup'`).toEqual([
      { status: "failed", detail: "disk full" },
    ]);
  });
});
