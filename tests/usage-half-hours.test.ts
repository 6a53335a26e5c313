import { describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import { listUsage } from "@/lib/usage/read/list-usage";
import { readDashboard } from "@/lib/usage/read/read-dashboard";
import { readStats } from "@/lib/usage/read/read-stats";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson } from "./support/world";

/** Midnight in Kathmandu is at 18:15 UTC. */
const DAYS = { start_date: "2026-03-01", end_date: "2026-03-02", timezone: "Asia/Kathmandu" };

const { viewer } = await createPerson();

type Request = { at: string; cost: string; tokens?: number; model?: string };

async function plantRequests(apiKeyId: number, requests: Request[]): Promise<void> {
  for (const [index, { at, cost, tokens = 10, model = "openai/gpt-5" }] of requests.entries()) {
    await sql()`
      insert into generations (team_id, api_key_id, generation_id, started_at, model, provider, tokens_input, tokens_output, cost)
      values (${viewer.teamId}, ${apiKeyId}, ${`${apiKeyId}-${index}`}, ${at}, ${model}, 'OpenAI', ${tokens}, 1, ${cost})`;
  }
}

/** Requests, cost and input tokens of each day. */
async function daysOf(apiKeyId: number) {
  const { by_date } = await readDashboard(viewer, { ...DAYS, api_key_id: apiKeyId });
  return by_date.map(({ requests, cost, tokens_input }) => [requests, cost, tokens_input]);
}

describe("An hour that straddles midnight", () => {
  const hour = { hour: "2026-03-01T18:00:00Z", requests: 3, cost: "0.6", tokensInput: 30, tokensOutput: 3 };
  const covering: Request[] = [
    { at: "2026-03-01T18:14:59Z", cost: "0.1" },
    { at: "2026-03-01T18:15:00Z", cost: "0.2" },
    { at: "2026-03-01T18:59:59Z", cost: "0.3" },
  ];

  it("counts on the day in which it begins, and the answer says so", async () => {
    const key = await plantKey(viewer);
    await plantUsage(viewer, key, [hour]);
    expect(await daysOf(key)).toEqual([
      [3, 0.6, 30],
      [0, 0, 0],
    ]);
    const { period } = await readStats(viewer, { ...DAYS, api_key_id: key });
    expect(period.whole_hours).toBe(false);
  });

  it("is split where single requests add up to it", async () => {
    const key = await plantKey(viewer);
    await plantUsage(viewer, key, [hour, { hour: "2026-03-01T17:00:00Z", cost: "1", tokensInput: 100 }]);
    await plantRequests(key, covering);
    await sql()`update usage_hours set byok_cost = 7 where api_key_id = ${key} and requests = 3`;
    expect(await daysOf(key)).toEqual([
      [2, 1.1, 110],
      [2, 0.5, 20],
    ]);
    // The second day alone, too, and what requests do not tell stays with the first.
    const second = { ...DAYS, start_date: "2026-03-02", api_key_id: key };
    expect((await readStats(viewer, second)).summary).toMatchObject({ total_requests: 2, total_cost: 0.5 });
    const { by_date } = await readDashboard(viewer, { ...DAYS, api_key_id: key });
    expect(by_date.map(({ byok_cost }) => byok_cost)).toEqual([7, null]);
    const utc = await readStats(viewer, { ...DAYS, timezone: "UTC", api_key_id: key });
    expect(utc).toMatchObject({ summary: { total_cost: 1.6 }, period: { whole_hours: true } });
  });

  it("belongs to the next day whole where all of it was after midnight", async () => {
    const key = await plantKey(viewer);
    await plantUsage(viewer, key, [hour]);
    await plantRequests(
      key,
      covering.map((request) => ({ ...request, at: "2026-03-01T18:20:00Z" })),
    );
    expect(await daysOf(key)).toEqual([
      [0, 0, 0],
      [3, 0.6, 30],
    ]);
    const { items } = await listUsage(viewer, { ...DAYS, api_key_id: key, page: 1, limit: 10 });
    expect(items.map(({ date, requests }) => [date, requests])).toEqual([["2026-03-02", 3]]);
  });

  it("stays whole where the requests are not all of it, or of another model", async () => {
    for (const requests of [
      covering.slice(1),
      covering.map((request) => ({ ...request, cost: "0.3" })),
      covering.map((request) => ({ ...request, model: "openai/gpt-4" })),
    ]) {
      const key = await plantKey(viewer);
      await plantUsage(viewer, key, [hour]);
      await plantRequests(key, requests);
      expect(await daysOf(key)).toEqual([
        [3, 0.6, 30],
        [0, 0, 0],
      ]);
    }
  });

  it("leaves tokens that are counted otherwise with the first day, so that sums stay", async () => {
    const key = await plantKey(viewer);
    await plantUsage(viewer, key, [hour]);
    await plantRequests(
      key,
      covering.map((request) => ({ ...request, tokens: 11 })),
    );
    expect(await daysOf(key)).toEqual([
      [1, 0.1, 30],
      [2, 0.5, null],
    ]);
  });
});
