import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ModelName } from "../simulator/model-names";
import { catalogue } from "../simulator/models";
import { type Simulator, startSimulator } from "../simulator/server";
import type { Settings } from "../simulator/settings";
import { call, countOf, HAIKU, lastDays, now, query, sumOf } from "./simulator-calls";
import { speak } from "./support/dialects";

const LLAMA = "meta-llama/llama-3.3-70b-instruct";
const names = {
  permaslug: "anthropic/claude-4.5-haiku-20251001",
  slug: HAIKU,
  name: "Anthropic: Claude Haiku 4.5",
} as const;
const forms = Object.keys(names) as ModelName[];

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ world: { days: 10, now }, analyticsRateLimit: false });
});
afterAll(() => simulator.close());
afterEach(() => speak(simulator));

const set = (settings: Partial<Settings>) => Object.assign(simulator.settings, settings);
const ledgerOf = (model: string) => simulator.world.ledger({ model });
const metrics = ["credits_usage", "request_count"];
const asked = { metrics, dimensions: ["model"], time_range: lastDays(20) };
const filtered = (value: string, operator = "eq") =>
  query(simulator, { ...asked, filters: [{ field: "model", operator, value }] });

describe("The model of an analytics answer", () => {
  test.each(forms)("is shown as %s, and its sums are the ledger's", async (form) => {
    set({ modelShownAs: form });
    const { data } = (await query(simulator, asked)).data;
    const row = data.find(({ model }) => model === names[form]);
    expect([row?.credits_usage, row?.request_count]).toEqual([
      Number(ledgerOf(HAIKU).cost),
      String(ledgerOf(HAIKU).requests),
    ]);
    expect(sumOf(data, "credits_usage")).toBe(simulator.world.ledger().cost);
  });

  test.each(forms)("is found by a filter on its %s and by neither of its other names", async (form) => {
    for (const shown of forms) {
      set({ modelShownAs: shown, modelFilteredBy: form });
      for (const other of forms) {
        const { status, data } = await filtered(names[other]);
        const found = other === form ? ledgerOf(HAIKU).cost : "0";
        expect([status, data.warnings, sumOf(data.data, "credits_usage")]).toEqual([200, undefined, found]);
      }
    }
  });

  test("is found by no filter at all, without an error, where filters match nothing", async () => {
    set({ modelFilteredBy: "nothing" });
    for (const form of forms) expect((await filtered(names[form])).data).toMatchObject({ data: [] });
    const { data } = (await filtered(names.slug, "neq")).data;
    expect(sumOf(data, "credits_usage")).toBe(simulator.world.ledger().cost);
  });

  test("is one permaslug for a variant and its base, which the variant tells apart", async () => {
    set({ modelShownAs: "permaslug", modelFilteredBy: "permaslug" });
    const { data } = (await query(simulator, { ...asked, dimensions: ["model", "variant"] })).data;
    const requests = (variant: string) =>
      countOf(
        data.filter((row) => row.model === LLAMA && row.variant === variant),
        "request_count",
      );
    expect([requests("standard"), requests("free")]).toEqual([
      ledgerOf(LLAMA).requests,
      ledgerOf(`${LLAMA}:free`).requests,
    ]);
    const [row, ...others] = (await query(simulator, asked)).data.data.filter(({ model }) => model === LLAMA);
    expect([Number(row?.request_count), others]).toEqual([requests("standard") + requests("free"), []]);
  });

  test("that the list does not carry is named after its base, or as it was written", async () => {
    const { hash } = simulator.world.keyNamed("prod-web");
    const at = new Date("2026-11-20T08:00:00Z");
    for (const model of [`${HAIKU}:nitro`, "author/withdrawn"])
      simulator.world.record({ keyHash: hash, model, provider: "Anthropic", cost: "0.01", at });
    const shown = async (form: ModelName) => {
      set({ modelShownAs: form });
      return (await query(simulator, asked)).data.data.map(({ model }) => model);
    };
    expect(await shown("slug")).toEqual(expect.arrayContaining([`${HAIKU}:nitro`, "author/withdrawn"]));
    expect(await shown("permaslug")).not.toContain(`${HAIKU}:nitro`);
    expect(await shown("name")).toEqual(expect.arrayContaining([`${names.name} (nitro)`, "author/withdrawn"]));
  });
});

test("The list of models has each name once per model, dated permaslugs, shared ones, and an expiration", async () => {
  const { data } = (await call(simulator, "/models", null)).json;
  expect(data.map(({ id, canonical_slug, name }) => [id, canonical_slug, name])).toEqual(
    catalogue.map(({ slug, canonicalSlug, name }) => [slug, canonicalSlug, name]),
  );
  expect(new Set(data.map(({ id }) => id)).size).toBe(data.length);
  expect(data.find(({ id }) => id === HAIKU)).toMatchObject({ canonical_slug: names.permaslug, expiration_date: null });
  expect(data.filter(({ canonical_slug }) => canonical_slug === LLAMA)).toHaveLength(2);
  expect(data.map(({ expiration_date }) => expiration_date)).toContain("2027-01-31");
});

test("Activity has the slug and the permaslug whatever analytics shows", async () => {
  set({ modelShownAs: "name" });
  const { json } = await call(simulator, "/activity", simulator.world.managementKey().plaintext);
  const rows = json.data.filter(({ model }) => model === HAIKU);
  expect(new Set(rows.map(({ model_permaslug }) => model_permaslug))).toEqual(new Set([names.permaslug]));
  const until = new Date("2026-11-21T00:00:00Z");
  expect(sumOf(rows, "usage")).toBe(simulator.world.ledger({ model: HAIKU, to: until }).cost);
});

describe("A filter on keys", () => {
  const by = (operator: string, value: unknown) =>
    query(simulator, { filters: [{ field: "api_key_id", operator, value }] });

  test("that resolves no hash gives no rows and a warning", async () => {
    const { hash } = simulator.world.keyNamed("prod-web");
    expect((await by("eq", hash)).data.data).toHaveLength(1);
    set({ keyFilteredBy: "nothing" });
    expect(await by("eq", hash)).toMatchObject({
      status: 200,
      data: { data: [], warnings: [expect.stringContaining(hash)] },
    });
  });

  test("may refuse lists", async () => {
    const { hash } = simulator.world.keyNamed("prod-web");
    set({ keyFilterLists: false });
    for (const operator of ["in", "not_in"]) {
      const { status, json } = await by(operator, [hash]);
      expect([status, json.error.message]).toEqual([400, expect.stringContaining("api_key_id")]);
    }
    expect((await by("eq", hash)).status).toBe(200);
  });
});
