import { describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import { deleteOldUsage } from "@/lib/jobs/delete-old-usage";
import { bookUsage } from "@/lib/usage/write/ingest-usage";
import { call } from "./support/api";
import { bookDay, type Entry } from "./support/ledger";
import { scrape } from "./support/scrape";
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

  it("tell what the team spent when a key's unnamed spend is read again by model", async () => {
    const { viewer } = await createPerson();
    const key = await plantKey(viewer, "Pasted");
    const unnamed = { day: "2026-03-01", apiKeyId: key, model: null, requests: null, milliUsd: 1000 };
    await bookDay(viewer, [key], unnamed.day, [unnamed]);
    expect((await scrape(viewer, "cost_usd", 1000)).sum).toBe(1000);
    const models = [
      { ...unnamed, model: "a", milliUsd: 400 },
      { ...unnamed, model: "b", milliUsd: 600 },
    ];
    await bookDay(viewer, [key], unnamed.day, models);
    const labels = (model: string) => JSON.stringify({ api_key_id: String(key), api_key: "Pasted", model });
    expect(await scrape(viewer, "cost_usd", 1000)).toEqual({
      series: new Map([
        [labels("a"), 400],
        [labels("b"), 600],
      ]),
      sum: 1000,
    });
  });

  it("go on under the next restart where a part moved away, since a counter that falls is counted again", async () => {
    const person = await createPerson();
    const token = await tokenOf(person);
    const [account, listed] = [await plantKey(person.viewer, "Account"), await plantKey(person.viewer, "Listed")];
    const entry = { day: "2026-03-01", apiKeyId: account, model: "a", requests: 1, milliUsd: 5000 };
    const moving = { ...entry, requests: 2, milliUsd: 3000 };
    const lines = async () => {
      const { text } = await call("GET", "/metrics", { token });
      return text.split("\n").filter((line) => line.startsWith("openrouter_cost_usd_total"));
    };
    await bookDay(person.viewer, [account, listed], entry.day, [entry, moving]);
    const of = (id: number, name: string) => `openrouter_cost_usd_total{api_key_id="${id}",api_key="${name}",model="a"`;
    expect(await lines()).toEqual([`${of(account, "Account")}} 8.000`]);
    await bookDay(person.viewer, [account, listed], entry.day, [entry, { ...moving, apiKeyId: listed }]);
    const parted = [`${of(account, "Account")},restart="1"} 5.000`, `${of(listed, "Listed")}} 3.000`];
    expect(await lines()).toEqual(parted);
    expect(await lines()).toEqual(parted);
  });

  it("leave out what was never reported, and have reasoning, cached tokens and requests with own provider keys", async () => {
    const { viewer } = await createPerson();
    const [silent, open] = [await plantKey(viewer, "Silent"), await plantKey(viewer, "Open")];
    for (const key of [silent, open]) await plantUsage(viewer, key, [{ hour: "2026-03-01T00:00:00Z" }]);
    await sql()`
      update usage_stats set tokens_reasoning = 0, tokens_cached = 7, byok_cost = 0.5, byok_requests = 3 where api_key_id = ${open}`;
    for (const [name, value] of [
      ["tokens_reasoning", 0],
      ["tokens_cached", 7],
      ["byok_cost_usd", 0.5],
      ["byok_requests", 3],
    ] as const) {
      const { series } = await scrape(viewer, name, 10);
      expect([...series.values()], name).toEqual([value * 10]);
      expect([...series.keys()][0], name).toContain('"Open"');
    }
    expect((await scrape(viewer, "requests")).sum).toBe(2);
  });

  it("keep what retention deletes, also when it is read again, and add what comes later", async () => {
    const { viewer } = await createPerson();
    const key = await plantKey(viewer);
    const entry = { day: "2026-03-01", apiKeyId: key, model: "a", requests: 4, milliUsd: 1 };
    await bookDay(viewer, [key], entry.day, [entry]);
    await deleteOldUsage("2026-03-02");
    expect((await scrape(viewer, "requests")).sum).toBe(4);
    await bookDay(viewer, [key], entry.day, [entry]);
    await bookDay(viewer, [key], "2026-03-02", [{ ...entry, day: "2026-03-02", requests: 1 }]);
    expect((await scrape(viewer, "requests")).sum).toBe(5);
  });

  it("tell the same total in each of many scrapes while spend moves, is deleted by retention and keys go", async () => {
    const { viewer } = await createPerson();
    const keys = [await plantKey(viewer, "A"), await plantKey(viewer, "B")];
    const unused = await Promise.all(Array.from({ length: 8 }, () => plantKey(viewer, "Unused")));
    const day = (number: number) => `2026-03-${String(number + 1).padStart(2, "0")}`;
    const entries = Array.from({ length: 20 }, (_, index): Entry[] =>
      keys.map((apiKeyId) => ({ day: day(index), apiKeyId, model: "a", requests: 1, milliUsd: 5 })),
    );
    for (const [index, rows] of entries.entries()) await bookDay(viewer, keys, day(index), rows);
    for (const id of unused) await plantUsage(viewer, id, [{ hour: "2026-03-01T00:00:00Z", requests: 0 }]);
    const moves = async () => {
      for (const [index, rows] of entries.entries()) {
        const moved = rows.map((row, place) => ({
          ...row,
          model: place === 0 ? "b" : null,
          apiKeyId: keys[1 - place] ?? 0,
        }));
        if (index >= 10) await bookDay(viewer, keys, day(index), moved);
        else await deleteOldUsage(day(index));
      }
    };
    const removals = async () => {
      for (const id of unused) await sql()`delete from api_keys where id = ${id}`;
    };
    const scrapes = async () => {
      const sums: number[] = [];
      for (let times = 0; times < 15; times++) sums.push((await scrape(viewer, "requests")).sum);
      return sums;
    };
    const [, , ...sums] = await Promise.all([moves(), removals(), scrapes(), scrapes(), scrapes()]);
    expect(new Set(sums.flat())).toEqual(new Set([40]));
    expect((await scrape(viewer, "requests")).sum).toBe(40);
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
