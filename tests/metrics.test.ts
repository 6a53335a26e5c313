import { describe, expect, it } from "vitest";
import { bookUsage } from "@/lib/usage/book";
import { call } from "./support/api";
import { tokenOf } from "./support/tokens";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson } from "./support/world";

describe("Metrics", () => {
  const value = (text: string, name: string) =>
    Number(new RegExp(`^${name}\\{[^\\n]*model="m\\\\"\\\\\\\\\\\\n"\\} (.+)$`, "m").exec(text)?.[1]);

  it("count per key and model, and never go down", async () => {
    const cara = await createPerson();
    const shown = await tokenOf(cara);
    const watched = await plantKey(cara.viewer, "C");
    const row = { hour: "2026-03-01T00:00:00Z", model: 'm"\\\n', cost: "2.5", requests: 5 };
    await plantUsage(cara.viewer, watched, [row]);
    const scrape = async () => (await call("GET", "/metrics", { token: shown })).text;
    const first = await scrape();
    expect(first).toMatch(/^# TYPE openrouter_requests_total counter$/m);
    expect([value(first, "openrouter_requests_total"), value(first, "openrouter_cost_usd_total")]).toEqual([5, 2.5]);

    await plantUsage(cara.viewer, watched, [{ ...row, cost: "2", requests: 4 }]);
    expect(value(await scrape(), "openrouter_requests_total")).toBe(5);
    await plantUsage(cara.viewer, watched, [{ ...row, hour: "2026-04-01T00:00:00Z", cost: "1", requests: 1 }]);
    expect(value(await scrape(), "openrouter_requests_total")).toBe(6);
    await bookUsage({
      teamId: cara.viewer.teamId,
      apiKeyIds: [watched],
      start: new Date("2026-03-01T00:00:00Z"),
      end: new Date("2026-03-02T00:00:00Z"),
      granularity: "hour",
      source: "analytics",
      rows: [],
      isComplete: true,
    });
    expect(value(await scrape(), "openrouter_cost_usd_total")).toBe(3.5);
  });

  it("speak OpenMetrics to who asks for it", async () => {
    const ann = await createPerson();
    await plantUsage(ann.viewer, await plantKey(ann.viewer), [{ hour: "2026-03-01T22:00:00Z" }]);
    const answer = await call("GET", "/metrics", {
      token: await tokenOf(ann),
      headers: { accept: "application/openmetrics-text; version=1.0.0" },
    });
    expect(answer.headers.get("content-type")).toMatch(/^application\/openmetrics-text/);
    expect(answer.text).toMatch(/^# TYPE openrouter_requests counter$/m);
    expect(answer.text.endsWith("# EOF\n")).toBe(true);
  });
});
