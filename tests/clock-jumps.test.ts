import { Cron } from "croner";
import { afterEach, describe, expect, test, vi } from "vitest";
import { GET as listKeys } from "@/app/api/keys/route";
import { sql } from "@/db/client";
import { countUse } from "@/lib/access/rate-limit";
import { signSessionToken } from "@/lib/access/session-token";
import { runOnce } from "@/lib/jobs/run-once";
import { plannedMoment } from "@/lib/jobs/schedule";
import { createKey } from "@/lib/keys/create-key";
import { withLease } from "@/lib/queue/lease";
import { planSlices } from "@/lib/sync/plan";
import { settleRuns } from "@/lib/sync/worker";
import { limitAttempts } from "@/lib/users/attempts";
import { booked, syncNow, truth } from "./support/books";
import { simulateOpenRouter } from "./support/openrouter";
import { context, createPerson, requestTo } from "./support/world";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What every other clock says while this process's is wrong. */
const rightNow = () => new Date(performance.timeOrigin + performance.now());
const openRouter = simulateOpenRouter({ days: 5, seed: 17, keys: 3, requestsPerDay: 12, now: rightNow });

/** Puts this process's clock forward or back; the database's and OpenRouter's go on as they were. */
function jump(ms: number): void {
  vi.useRealTimers();
  vi.useFakeTimers({ toFake: ["Date"], now: rightNow().getTime() + ms });
}
afterEach(() => {
  vi.useRealTimers();
});

describe("sessions", () => {
  test("outlast a clock that goes wrong, and are good meanwhile", async () => {
    const { accessToken } = await createPerson();
    const status = async () => (await listKeys(requestTo("/api/keys", { token: accessToken }), context())).status;
    const statuses: number[] = [];
    for (const ms of [-400 * DAY, -HOUR, 23 * HOUR, 400 * DAY, 0]) {
      jump(ms);
      statuses.push(await status());
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
  });

  test("are over when the database's clock says so of their token, whatever the process's own says", async () => {
    const { viewer } = await createPerson();
    const ended = new Date(rightNow().getTime() - 1000);
    const { userId, sessionId } = viewer;
    const token = await signSessionToken({ userId, sessionId }, ended);
    for (const ms of [-400 * DAY, 0]) {
      jump(ms);
      expect((await listKeys(requestTo("/api/keys", { token }), context())).status).toBe(401);
    }
  });

  test("begin under a wrong clock as well, and end by the database's", async () => {
    jump(-400 * DAY);
    const { accessToken } = await createPerson();
    const status = async () => (await listKeys(requestTo("/api/keys", { token: accessToken }), context())).status;
    expect(await status()).toBe(200);
    await sql()`update sessions set expires_at = now() - interval '1 second'`;
    expect(await status()).toBe(401);
  });
});

describe("a lease", () => {
  test("goes to the next when the database's clock went back while it was held", async () => {
    await sql()`insert into leases (name, holder, until) values ('sync:0', gen_random_uuid(), now() + interval '3 years')`;
    expect(await withLease("sync:0", async () => "mine", { wait: false })).toBe("mine");
    await sql()`insert into leases (name, holder, until) values ('sync:0', gen_random_uuid(), now() + interval '14 seconds')`;
    expect(await withLease("sync:0", async () => "mine", { wait: false })).toBeNull();
  });
});

describe("a rate limit", () => {
  test("that was used up in a future that is no more begins anew", async () => {
    const limit = { limit: 2, windowSeconds: 3600 };
    await sql()`insert into rate_limits (bucket, window_start, count) values ('ahead', now() + interval '3 years', 1000)`;
    expect(await countUse("ahead", limit)).toMatchObject({ exceeded: false, remaining: 1 });
    expect((await countUse("ahead", limit)).resetSeconds).toBeLessThanOrEqual(3600);
  });

  test("of attempts to sign in locks nobody out for longer than its window", async () => {
    const attempt = { purpose: "login", ip: "192.0.2.9", email: "ann@example.com" } as const;
    for (let count = 0; count < 5; count++) await limitAttempts(attempt);
    await expect(limitAttempts(attempt)).rejects.toMatchObject({ code: "too_many_requests" });
    await sql()`update rate_limits set window_start = window_start + interval '1 year' where bucket like 'login:%'`;
    await expect(limitAttempts(attempt)).resolves.toBeUndefined();
  });
});

describe("the schedule", () => {
  const daily = new Cron("0 2 * * *", { timezone: "UTC", paused: true });
  const planned = (now: string) => plannedMoment(daily, new Date(now)).toISOString();

  test("names the planned moment, however late a process is", () => {
    expect(planned("2026-03-10T02:00:00.000Z")).toBe("2026-03-10T02:00:00.000Z");
    expect(planned("2026-03-10T02:00:07.500Z")).toBe("2026-03-10T02:00:00.000Z");
    expect(planned("2026-03-10T05:17:23.000Z")).toBe("2026-03-10T02:00:00.000Z");
  });

  test("does a job once when the clock goes back over its hour, and again on the next day", async () => {
    let times = 0;
    const strike = (now: string) =>
      runOnce("clock", plannedMoment(daily, new Date(now)), async () => `done ${++times}`);
    for (const now of ["2026-03-10T02:00:00Z", "2026-03-10T02:00:04Z", "2026-03-10T06:00:00Z"]) await strike(now);
    expect(times).toBe(1);
    await strike("2026-03-11T02:00:01Z");
    expect(times).toBe(2);
  });

  test("waits for the next hour of the clock as it is, not as it was", async () => {
    jump(3 * 365 * DAY);
    const cron = new Cron("* * * * * *", { timezone: "UTC" }, () => {});
    await cron.trigger();
    jump(-3 * 365 * DAY);
    expect(cron.msToNext()).toBeLessThanOrEqual(1000);
    cron.stop();
  });
});

describe("a sync", () => {
  const now = new Date("2026-03-10T12:30:00Z");

  test("believes no last success that lies in the future: it reads everything again", () => {
    const first = planSlices(null, now);
    expect(planSlices(new Date(now.getTime() + 40 * DAY), now)).toEqual(first);
    expect(planSlices(new Date(now.getTime() + 30_000), now)).toHaveLength(1);
  });

  test("that ran while the clock was wrong leaves nothing out once it is right again", async () => {
    const { viewer } = await createPerson();
    const key = openRouter().world.managementKey().plaintext;
    await createKey(viewer, { name: "Account", key });
    await settleRuns();
    const { hash } = openRouter().world.keyNamed("key-0001");
    for (const ms of [40 * DAY, -40 * DAY]) {
      openRouter().world.record({
        keyHash: hash,
        model: "openai/gpt-4.1",
        cost: "0.125",
        at: new Date(rightNow().getTime() - 3 * DAY),
      });
      jump(ms);
      // What a wrong clock leaves out, OpenRouter's own counters of the day, week and month tell.
      expect(await syncNow(viewer)).toMatchObject({
        status: "partial",
        errors: [{ detail: expect.stringContaining("counters") }],
      });
      vi.useRealTimers();
      expect(await syncNow(viewer)).toMatchObject({ status: "succeeded" });
      expect(await booked(viewer), `after ${ms / DAY} days`).toEqual(truth(openRouter().world));
    }
  });
});
