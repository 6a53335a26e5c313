import { afterEach, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { forgetEnv } from "@/lib/base/env";
import { cleanUp } from "@/lib/jobs/clean-up";
import { backgroundJobs, everyMinutes } from "@/lib/jobs/jobs";
import { closeAbandonedRuns, recordGivenUp, runOnce, runRecorded } from "@/lib/jobs/run-once";
import { isScheduled, startSchedule, stopSchedule } from "@/lib/jobs/schedule";
import { findForgottenRuns, queueAllTeams } from "@/lib/jobs/sync-all";
import { validateKeys } from "@/lib/jobs/validate-keys";
import { createKey } from "@/lib/keys/create-key";
import { getKey, updateKey } from "@/lib/keys/keys";
import { getSyncRun } from "@/lib/sync/runs";
import { settleRuns, workRun } from "@/lib/sync/worker";
import { NOT_REPORTED } from "@/lib/usage/measures";
import { bookUsage } from "@/lib/usage/write/ingest-usage";
import { simulateOpenRouter } from "./support/openrouter";
import { createPerson } from "./support/world";

const openRouter = simulateOpenRouter({ days: 8, seed: 11 });
const world = () => openRouter().world;

/** An inference key, pasted by somebody who has nothing else. */
async function watchKey(name: string) {
  const { viewer } = await createPerson();
  const key = world().keyNamed(name);
  const { id } = await createKey(viewer, { name, key: key.plaintext });
  await settleRuns();
  return { viewer, id, hash: key.hash };
}

const recorded = (job: string) =>
  sql()`select status, detail, finished_at is not null as has_ended from job_runs where job = ${job} order by id`;

afterEach(() => openRouter().faults.clear());

describe("a planned moment of a job", () => {
  test("is worked on once however many processes plan it, and is recorded", async () => {
    let times = 0;
    const moment = new Date(Date.UTC(2026, 0, 5, 2));
    const work = async () => `done ${++times}`;
    await Promise.all(Array.from({ length: 20 }, () => runOnce("often planned", moment, work)));
    expect(times).toBe(1);
    expect(await recorded("often planned")).toEqual([{ status: "succeeded", detail: "done 1", has_ended: true }]);
    await runOnce("often planned", new Date(Date.UTC(2026, 0, 6, 2)), work);
    expect(times).toBe(2);
  });

  test("that fails is recorded with its reason and hurts nobody", async () => {
    await runOnce("bound to fail", new Date(0), async () => {
      throw new Error("the disk is full");
    });
    expect(await recorded("bound to fail")).toEqual([
      { status: "failed", detail: "the disk is full", has_ended: true },
    ]);
  });

  test("is tried again by a queue that retries, until it has succeeded", async () => {
    let times = 0;
    const work = async () => {
      if (++times === 1) throw new Error("not yet");
      return "now";
    };
    await expect(runRecorded("retried", new Date(0), work)).rejects.toThrow("not yet");
    expect(await runRecorded("retried", new Date(0), work)).toBe("now");
    expect(await runRecorded("retried", new Date(0), work)).toBe("done already");
    expect(times).toBe(2);
    expect(await recorded("retried")).toEqual([{ status: "succeeded", detail: "now", has_ended: true }]);
  });

  test("is told as failed when the queue gave it up, also where no attempt could say so", async () => {
    await sql()`insert into job_runs (job, scheduled_for) values ('died', ${new Date(0).toISOString()})`;
    for (const job of ["died", "never begun"]) {
      await recordGivenUp(job, new Date(0), "the server cannot be reached");
      expect(await recorded(job)).toEqual([
        { status: "failed", detail: "the server cannot be reached", has_ended: true },
      ]);
    }
    expect(await runRecorded("died", new Date(0), async () => "done after all")).toBe("done after all");
  });

  test("whose process died is told as failed after some hours", async () => {
    await sql()`insert into job_runs (job, scheduled_for, started_at) values
      ('left behind', now(), now() - interval '7 hours'), ('under way', now(), now())`;
    await closeAbandonedRuns();
    expect(await recorded("left behind")).toMatchObject([{ status: "failed" }]);
    expect(await recorded("under way")).toMatchObject([{ status: "running" }]);
  });
});

describe("the in-process schedule", () => {
  test("knows every job and its hour, and stops when told to", () => {
    expect(backgroundJobs().map(({ name, cron }) => [name, cron])).toEqual([
      ["sync usage", "0 */1 * * *"],
      ["refresh models", "0 1 * * *"],
      ["validate keys", "0 2 * * *"],
      ["clean up", "0 3 * * 0"],
    ]);
    expect([1, 15, 60, 90, 360, 1440].map(everyMinutes)).toEqual([
      "*/1 * * * *",
      "*/15 * * * *",
      "0 */1 * * *",
      "0 */2 * * *",
      "0 */6 * * *",
      "0 0 * * *",
    ]);
    startSchedule();
    expect(isScheduled()).toBe(true);
    stopSchedule();
    expect(isScheduled()).toBe(false);
  });
});

describe("the sync of all teams", () => {
  test("queues a team once while its run is open, and one key's failure does not stop the others", async () => {
    const ann = await watchKey("prod-web");
    const bob = await watchKey("dev-laptop");
    openRouter().faults.add({ kind: "status403", match: { keyHash: ann.hash } });
    const queued = await queueAllTeams();
    expect(await queueAllTeams()).toEqual([]);
    for (const run of queued) await workRun(run);
    expect((await lastRun(ann.viewer)).status).toBe("failed");
    expect((await lastRun(bob.viewer)).status).toBe("succeeded");
  });

  test("finds runs again that were forgotten", async () => {
    const { viewer } = await watchKey("batch-nightly");
    const [run] = await sql()<{ id: number }[]>`
      insert into sync_runs (team_id, trigger, created_at) values (${viewer.teamId}, 'manual', now() - interval '2 hours') returning id`;
    expect(await findForgottenRuns()).toEqual([run?.id]);
    await sql()`update sync_runs set finished_at = now() where id = ${run?.id ?? 0}`;
    expect(await findForgottenRuns()).toEqual([]);
  });
});

async function lastRun(viewer: Viewer) {
  const [run] = await sql()<{ id: number }[]>`select max(id) as id from sync_runs where team_id = ${viewer.teamId}`;
  return getSyncRun(viewer, { run_id: run?.id ?? 0 });
}

describe("the validation of keys", () => {
  test("makes a key invalid on a 401 only, and valid again when it is accepted again", async () => {
    const { viewer, id, hash } = await watchKey("prod-web");
    for (const kind of ["status429", "status500", "html502", "drop", "status403", "status402"] as const) {
      const fault = openRouter().faults.add({ kind, match: { keyHash: hash }, retryAfterSeconds: 0 });
      expect(await validateKeys()).toMatch(/[1-9]\d* not checked$/);
      expect(await getKey(viewer, { id }), kind).toMatchObject({
        status: "valid",
        status_detail: expect.stringMatching(/^Not checked: /),
      });
      fault.remove();
    }
    const refusal = openRouter().faults.add({ kind: "status401", match: { keyHash: hash } });
    await validateKeys();
    expect(await getKey(viewer, { id })).toMatchObject({ status: "invalid" });
    refusal.remove();
    await validateKeys();
    expect(await getKey(viewer, { id })).toMatchObject({ status: "valid", status_detail: null });
  });

  test("leaves keys alone that are switched off", async () => {
    const { viewer, id, hash } = await watchKey("prod-web");
    await updateKey(viewer, { id, is_active: false });
    openRouter().faults.add({ kind: "status401", match: { keyHash: hash } });
    await validateKeys();
    expect(await getKey(viewer, { id })).toMatchObject({ status: "valid", is_active: false });
  });
});

describe("the clean-up", () => {
  const DAY = 86_400_000;
  const midnight = (daysAgo: number) => new Date(Math.floor(Date.now() / DAY) * DAY - daysAgo * DAY);

  async function spendOn(daysAgo: number[]) {
    const { viewer, id } = await watchKey("dev-laptop");
    await sql()`delete from usage_hours where api_key_id = ${id}`;
    await sql()`delete from usage_stats where api_key_id = ${id}`;
    for (const ago of daysAgo) {
      const start = midnight(ago);
      await bookUsage({
        teamId: viewer.teamId,
        apiKeyIds: [id],
        start,
        end: new Date(start.getTime() + DAY),
        granularity: "day",
        source: "analytics",
        isComplete: true,
        rows: [
          {
            ...NOT_REPORTED,
            apiKeyId: id,
            hour: start,
            model: "openai/gpt-4.1",
            provider: null,
            requests: 1,
            tokensInput: 1,
            tokensOutput: 1,
            cost: "1",
          },
        ],
      });
    }
    return { viewer, id };
  }

  const kept = async (id: number) => {
    const [row] = await sql()`select
      (select count(*)::int from usage_hours where api_key_id = ${id}) as hours,
      (select count(*)::int from usage_stats where api_key_id = ${id}) as days`;
    return row;
  };

  afterEach(() => {
    // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
    delete process.env.USAGE_STATS_RETENTION_DAYS;
    forgetEnv();
  });

  test("keeps the last day of the retention and deletes the one before, in hours and in the roll-up alike", async () => {
    const { viewer, id } = await spendOn([1, 365, 366, 500]);
    const version = () => sql()`select data_version from teams where id = ${viewer.teamId}`;
    const [before] = await version();
    await cleanUp();
    expect(await kept(id)).toEqual({ hours: 2, days: 2 });
    expect(await version()).not.toEqual([before]);
  });

  test("keeps everything when the retention is 0", async () => {
    const { id } = await spendOn([1, 366, 4000]);
    // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
    process.env.USAGE_STATS_RETENTION_DAYS = "0";
    forgetEnv();
    expect(await cleanUp()).toMatch(/^0 rows/);
    expect(await kept(id)).toEqual({ hours: 3, days: 3 });
  });
});
