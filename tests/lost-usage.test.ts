import { NextIntlClientProvider } from "next-intl";
import { createElement, type ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Gaps } from "@/app/(app)/dashboard/gaps";
import { ReconciliationBox } from "@/components/keys/reconciliation-box";
import { sql } from "@/db/client";
import { loadMessages } from "@/i18n/messages";
import { forgetEnv } from "@/lib/base/env";
import { addDays, isoDate } from "@/lib/base/time";
import { createKey } from "@/lib/keys/create-key";
import { forgetTurns } from "@/lib/openrouter/pace";
import { readGaps } from "@/lib/reconciliation/gaps";
import { readKeyReconciliation, readReconciliation } from "@/lib/reconciliation/read";
import { settleRuns } from "@/lib/sync/worker";
import { type Simulator, startSimulator } from "@/simulator/server";
import { createWorld } from "@/simulator/world/world";
import { call } from "./support/api";
import { keyRow, syncNow } from "./support/books";
import { startLosingProxy } from "./support/losing-proxy";
import { tokenOf } from "./support/tokens";
import { createPerson } from "./support/world";

/** Noon of the 20th of a coming month, so that everybody's clock is later than the database's and far from any change of a period. */
const today = new Date();
const NOON = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 2, 20, 12));
const MONTH = isoDate(NOON).slice(0, 8);
/** The first fifteen days of the month: before what a sync reads again. */
const DAYS = Array.from(
  { length: 15 },
  (_, index) => new Date(`${MONTH}${String(index + 1).padStart(2, "0")}T10:00:00Z`),
);

let simulator: Simulator;
const proxies: { close(): Promise<unknown> }[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOON });
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(async () => {
  for (const proxy of proxies) await proxy.close();
});

/** An account with a key two years old and a young one, each of which spent a dollar on every day of the month, seen by a team through a proxy. */
async function connect(loses: (day: number, isVeteran: boolean) => boolean) {
  const world = createWorld({ seed: 9, days: 0, keys: 0 });
  const veteran = world.createKey({ name: "veteran", createdAt: addDays(NOON, -730) });
  const young = world.createKey({ name: "young", createdAt: addDays(NOON, -30) });
  const traffic = {
    model: "openai/gpt-4.1",
    provider: "OpenAI",
    requests: 10,
    tokensPrompt: 100,
    tokensCompletion: 10,
  };
  world.addTraffic({ ...traffic, keyHash: veteran.hash, at: addDays(NOON, -700), cost: "50" });
  for (const at of DAYS) {
    world.addTraffic({ ...traffic, keyHash: veteran.hash, at, cost: "1" });
    world.addTraffic({ ...traffic, keyHash: young.hash, at: new Date(at.getTime() + 3_600_000), cost: "1" });
  }
  simulator = await startSimulator({ world, analyticsRateLimit: false });
  const way = { row: (time: string) => loses(Number(time.slice(8, 10)), time.slice(11, 13) === "10") };
  const proxy = await startLosingProxy(simulator.url, way);
  proxies.push(proxy, simulator);
  // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
  process.env.OPENROUTER_API_URL = proxy.url;
  forgetEnv();
  await forgetTurns();
  const person = await createPerson();
  const { viewer } = person;
  await createKey(viewer, { name: "Account", key: world.managementKey().plaintext });
  await settleRuns();
  const ids = {
    veteran: Number((await keyRow(viewer, veteran.hash)).id),
    young: Number((await keyRow(viewer, young.hash)).id),
  };
  const token = await tokenOf(person);
  const isComplete = async (query = "") =>
    (await call("GET", `/api/v1/stats${query}`, { token })).json().complete as boolean;
  const completeKeys = async () => {
    const { items } = (await call("GET", "/api/v1/keys", { token })).json() as {
      items: { name: string; complete: boolean }[];
    };
    return Object.fromEntries(items.map(({ name, complete }) => [name, complete]));
  };
  /** All days are read once more, not only the last two. */
  const readAnew = async () => {
    await sql()`update api_keys set last_synced_at = null where team_id = ${viewer.teamId}`;
    await syncNow(viewer);
  };
  return { viewer, accessToken: person.accessToken, ids, way, isComplete, completeKeys, readAnew };
}

async function page(locale: "en" | "it", children: ReactNode): Promise<string> {
  const messages = await loadMessages(locale);
  const provided = createElement(NextIntlClientProvider, { locale, messages, timeZone: "UTC", children });
  return renderToStaticMarkup(provided)
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
}

describe("a key two years old", () => {
  test("agrees, and is complete, when OpenRouter's answers have all that its counters count", async () => {
    const { viewer, ids, isComplete, completeKeys, accessToken } = await connect(() => false);
    expect(await readKeyReconciliation(viewer, { id: ids.veteran })).toMatchObject({
      ours: 15,
      theirs: 65,
      before: 50,
      drift: 0,
      is_off: false,
      reasons: ["history"],
      periods: [
        { period: "day", start_date: `${MONTH}20`, ours: 0, theirs: 0, drift: 0, is_off: false },
        { period: "week", drift: 0, is_off: false },
        { period: "month", start_date: `${MONTH}01`, ours: 15, theirs: 15, drift: 0, is_off: false },
      ],
    });
    const answer = await call("GET", "/api/reconciliation", { token: accessToken });
    expect(answer.json()).toMatchObject({
      gaps: [],
      accounts: [{ periods: [{}, {}, { ours: 30, theirs: 30, drift: 0 }] }],
      total: { is_off: false, periods: [{}, {}, { ours: 30, theirs: 30, drift: 0 }] },
    });
    expect([await isComplete(), await completeKeys()]).toEqual([true, { Account: true, veteran: true, young: true }]);
    expect(await page("en", createElement(Gaps, { gaps: await readGaps(viewer) }))).toBe("");
  });

  test("is off and incomplete when half of its days are lost, however much it spent before our history", async () => {
    const { viewer, ids, isComplete, completeKeys } = await connect((day, isVeteran) => isVeteran && day % 2 === 0);
    const comparison = await readKeyReconciliation(viewer, { id: ids.veteran });
    expect(comparison).toMatchObject({ ours: 8, theirs: 65, before: 0, drift: null, is_off: true });
    expect(comparison?.periods[2]).toMatchObject({ ours: 8, theirs: 15, drift: 7, is_off: true });
    expect(comparison?.reasons).toContain("missing");
    expect(comparison?.reasons).not.toContain("history");
    const { total, keys } = await readReconciliation(viewer);
    expect(keys.filter((key) => key.is_off).map((key) => key.api_key_name)).toEqual(["veteran"]);
    expect(total.is_off).toBe(true);
    expect(await isComplete()).toBe(false);
    expect(await isComplete(`?api_key_id=${ids.veteran}`)).toBe(false);
    expect(await completeKeys()).toMatchObject({ veteran: false });
    const line = createElement(Gaps, { gaps: await readGaps(viewer, { api_key_id: ids.veteran }) });
    expect(await page("en", line)).toMatch(
      /veteran : OpenRouter counts \$7\.00 more than our sum in the month from .*1\./,
    );
    expect(await page("it", line)).toMatch(
      /veteran : OpenRouter conta 7,00 \$ in più rispetto alla nostra somma del mese dal 1/,
    );
    if (!comparison) throw new Error("The key was not compared");
    const box = await page("en", createElement(ReconciliationBox, { of: comparison }));
    expect(box).toMatch(/counters differ\..*Month from .* \$15\.00 .*\$7\.00/);
  });

  test("stays off when the month has passed, and agrees once what was lost is there", async () => {
    const { viewer, ids, way, isComplete, readAnew } = await connect((day, isVeteran) => isVeteran && day % 2 === 0);
    vi.setSystemTime(addDays(NOON, 28));
    await syncNow(viewer);
    expect(await readKeyReconciliation(viewer, { id: ids.veteran })).toMatchObject({
      before: 50,
      drift: 7,
      is_off: true,
      periods: [{ drift: 0 }, { drift: 0 }, { drift: 0 }],
    });
    expect(await isComplete()).toBe(false);
    way.row = () => false;
    await readAnew();
    expect(await readKeyReconciliation(viewer, { id: ids.veteran })).toMatchObject({
      before: 50,
      drift: 0,
      is_off: false,
    });
    expect([await isComplete(), await readGaps(viewer)]).toEqual([true, []]);
  });
});
