import { describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { readInstance } from "@/lib/admin/read-instance";
import { createKey } from "@/lib/keys/create-key";
import { settleRuns } from "@/lib/sync/worker";
import { simulateOpenRouter } from "./support/openrouter";
import { createPerson } from "./support/world";

const openRouter = simulateOpenRouter({ days: 3, seed: 17 });

describe("the page about the instance", () => {
  test("is for the first person; to everybody else there is none", async () => {
    const ann = await createPerson();
    const bob = await createPerson();
    expect(ann.viewer.isAdmin).toBe(true);
    await expect(readInstance(bob.viewer)).rejects.toMatchObject({ code: "not_found" });

    await createKey(bob.viewer, { name: "prod-web", key: openRouter().world.keyNamed("prod-web").plaintext });
    await settleRuns();
    await sql()`insert into job_runs (job, scheduled_for, status, detail, started_at, finished_at)
      values ('clean up', '2026-03-01T03:00:00Z', 'succeeded', '0 rows', '2026-03-01T03:00:01Z', '2026-03-01T03:00:02.5Z')`;
    await sql()`insert into sync_runs (team_id, trigger) values (${bob.viewer.teamId}, 'manual')`;

    const instance = await readInstance(ann.viewer);
    expect(instance).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      scheduler: "schedule",
      queue: { runs: 1, keys: 0, leases: 0, since: expect.stringMatching(/Z$/) },
      job_runs: [{ job: "clean up", status: "succeeded", duration_ms: 1500, scheduled_for: "2026-03-01T03:00:00Z" }],
      sync_runs: [
        { status: "queued", team: "My team", owner: bob.email, duration_ms: null },
        {
          status: "succeeded",
          team: "My team",
          owner: bob.email,
          duration_ms: expect.any(Number),
          keys: 1,
          failed_keys: 0,
          error: null,
        },
      ],
    });
    expect(instance.database.bytes).toBeGreaterThan(1_000_000);
    expect(JSON.stringify(instance)).not.toContain("sk-or-");
  });
});
