import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { sql } from "@/db/client";
import { fairShare } from "@/lib/base/fair-share";
import { attachment } from "@/lib/export/attachment";
import type { ExportedFile } from "@/lib/export/file";
import { inTurn } from "@/lib/export/in-turn";
import { exportUsage } from "@/lib/usage/read/export-usage";
import { ExportQuery } from "@/lib/usage/schema";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson, type Person } from "./support/world";

const ANN = 1;
const BOB = 2;
const CARA = 3;
const share = (options: Parameters<typeof fairShare>[1]) => fairShare(randomUUID(), options);
const settled = async (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);

afterEach(() => vi.useRealTimers());

describe("What teams share", () => {
  it("goes to one team only up to its own limit, and past it to others", async () => {
    const places = share(() => ({ total: 4, perTeam: 2 }));
    const [release] = await Promise.all([places.take(ANN), places.take(ANN)]);
    const third = places.take(ANN);
    expect(await settled(third)).toBe(false);
    await Promise.all([places.take(BOB), places.take(CARA)]);
    expect(await settled(third)).toBe(false);
    release?.();
    release?.();
    await third;
    expect(await settled(places.take(BOB))).toBe(false);
  });

  it("goes next to whose team holds least", async () => {
    const places = share(() => ({ total: 2, perTeam: 2 }));
    const [release] = await Promise.all([places.take(ANN), places.take(ANN)]);
    const waiting = [places.take(ANN), places.take(ANN), places.take(BOB)];
    release?.();
    await waiting[2];
    expect(await settled(Promise.race(waiting.slice(0, 2)))).toBe(false);
  });

  it("goes to nobody small before somebody large whose turn it is", async () => {
    const bytes = share(() => ({ total: 10, perTeam: 6 }));
    const [anns, bobs] = [await bytes.take(ANN, 5), await bytes.take(BOB, 5)];
    const waiting = [bytes.take(CARA, 6), bytes.take(BOB, 1), bytes.take(ANN, 1)];
    bobs();
    expect(await settled(Promise.race(waiting))).toBe(false);
    anns();
    await Promise.all(waiting);
  });

  it("is told to be busy to who waits too long or in too long a line, and who gives up makes room", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const places = share(() => ({ total: 1, perTeam: 1, mostWaiting: 2, waitMs: 5_000 }));
    const release = await places.take(ANN);
    const gone = new AbortController();
    const waiting = [places.take(ANN, 1, gone.signal), places.take(ANN)].map((each) => each.catch((error) => error));
    await expect(places.take(ANN)).rejects.toMatchObject({ code: "unavailable", extra: { retryAfterSeconds: 5 } });
    gone.abort(new Error("gone"));
    expect(await waiting[0]).toMatchObject({ message: "gone" });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await waiting[1]).toMatchObject({ code: "unavailable" });
    release();
    await places.take(BOB);
  });
});

describe("Exports", () => {
  const query = ExportQuery.parse({ start_date: "2026-03-01", end_date: "2026-03-02", format: "csv" });

  const textOf = (file: ExportedFile): Promise<string> => attachment(file).text();

  async function withUsage(): Promise<Person> {
    const person = await createPerson();
    await plantUsage(person.viewer, await plantKey(person.viewer), [{ hour: "2026-03-01T10:00:00Z" }]);
    return person;
  }

  it("of one team that nobody reads keep no other team's waiting, and one that is read to its end makes room", async () => {
    const [ann, bob] = [await withUsage(), await withUsage()];
    const [first] = await Promise.all([exportUsage(ann.viewer, query), exportUsage(ann.viewer, query)]);
    const third = exportUsage(ann.viewer, query);
    for (let time = 0; time < 4; time++)
      expect(await textOf(await exportUsage(bob.viewer, query))).toContain("2026-03-01");
    expect(await settled(third)).toBe(false);
    expect(first && (await textOf(first))).toContain("2026-03-01");
    await third;
  });

  it("give their connection back when nobody reads on", async () => {
    const { viewer } = await createPerson();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const rows = () => sql()`select n from generate_series(1, 1000) n`.cursor(10);
    const reader = (await inTurn(viewer.teamId, rows(), 1_000))[Symbol.asyncIterator]();
    expect((await reader.next()).value).toHaveLength(10);
    const untouched = await inTurn(viewer.teamId, rows(), 1_000);
    const waiting = inTurn(viewer.teamId, rows(), 1_000);
    expect(await settled(waiting)).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    await waiting;
    await expect(reader.next()).rejects.toThrow("Nobody read on");
    await expect(untouched[Symbol.asyncIterator]().next()).rejects.toThrow("Nobody read on");
  });
});
