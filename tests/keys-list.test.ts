import { beforeAll, describe, expect, test } from "vitest";
import { GET as readKeys } from "@/app/api/keys/route";
import { sql } from "@/db/client";
import { createKey } from "@/lib/keys/create-key";
import { getKey, listKeys, updateKey } from "@/lib/keys/keys";
import { KeyParams, type KeySort } from "@/lib/keys/schema";
import { readKeySummary } from "@/lib/keys/summary";
import { settleRuns } from "@/lib/sync/worker";
import { simulateOpenRouter } from "./support/openrouter";
import { context, createPerson, requestTo } from "./support/world";

const openRouter = simulateOpenRouter({ days: 3, seed: 22, keys: 12, requestsPerDay: 6 });

describe("the list of an account's keys", () => {
  let person: Awaited<ReturnType<typeof createPerson>>;
  const list = (choice: object = {}) => listKeys(person.viewer, { page: 1, limit: 100, ...choice });

  beforeAll(async () => {
    person = await createPerson();
    expect(await readKeySummary(person.viewer)).toEqual({ total: 0, last_synced_at: null });
    await createKey(person.viewer, { name: "Account", key: openRouter().world.managementKey().plaintext });
    await settleRuns();
  });

  test("is counted whole, with the time of its newest sync", async () => {
    const { items, pagination } = await list();
    expect(pagination.total).toBe(items.length);
    const newest = items
      .flatMap((key) => key.last_synced_at ?? [])
      .sort()
      .at(-1);
    expect(await readKeySummary(person.viewer)).toEqual({ total: items.length, last_synced_at: newest });
  });

  test("is found by a part of name, description and masked text, in any case, and a sign of patterns stands for itself", async () => {
    const [one] = (await list({ sort: "name" })).items;
    if (!one) throw new Error("The account has no keys");
    await updateKey(person.viewer, { id: one.id, name: "100% Náive_Shop", description: "till of the corner shop" });
    for (const q of ["% náive", "CORNER", "naïve_shop"]) {
      const { items, pagination } = await list({ q });
      expect({ q, ids: items.map(({ id }) => id) }).toEqual({ q, ids: q === "naïve_shop" ? [] : [one.id] });
      expect(pagination.total).toBe(items.length);
    }
    const labelled = (await list()).items.find((key) => key.label !== null);
    expect((await list({ q: labelled?.label })).items.map(({ id }) => id)).toContain(labelled?.id);
  });

  test("is chosen by what its status says; what is not watched is a status of its own", async () => {
    const all = (await list()).items;
    const valid = all.filter((key) => key.status === "valid");
    const [first] = valid;
    if (!first) throw new Error("The account has no valid key");
    await updateKey(person.viewer, { id: first.id, is_active: false });
    expect((await list({ status: "inactive" })).items.map(({ id }) => id)).toEqual([first.id]);
    expect((await list({ status: "valid" })).items).toHaveLength(valid.length - 1);
    await updateKey(person.viewer, { id: first.id, is_active: true });
  });

  test("says what a key has cost only where it was read since, and puts what is unknown last", async () => {
    const [first] = (await list({ sort: "spend_month" })).items;
    if (!first) throw new Error("The account has no keys");
    const read = async (at: string | null) => {
      await sql()`update api_keys set last_synced_at = ${at} where id = ${first.id}`;
      const { spend_today, spend_month } = await getKey(person.viewer, { id: first.id });
      return [spend_today, spend_month];
    };
    await sql().begin(async (transaction) => {
      await transaction`delete from usage_hours where api_key_id = ${first.id}`;
      await transaction`delete from usage_stats where api_key_id = ${first.id}`;
    });
    expect(await read(null)).toEqual([null, null]);
    for (const sort of ["spend_month", "-spend_month"] as const)
      expect((await list({ sort })).items.at(-1)?.id).toBe(first.id);
    expect(await read("2026-01-01T00:00:00Z")).toEqual([null, null]);
    expect(await read(new Date().toISOString())).toEqual([0, 0]);
  });

  const byName = (a: string, b: string) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1);
  test.each<[KeySort, (items: Awaited<ReturnType<typeof list>>["items"]) => unknown[], (a: never, b: never) => number]>(
    [
      ["spend_month", (items) => items.map((key) => key.spend_month), (a: number, b: number) => a - b],
      ["last_used_at", (items) => items.flatMap((key) => key.last_used_at ?? []), byName],
      ["created_at", (items) => items.map((key) => key.created_at), byName],
    ],
  )("is sorted by %s, either way, over its pages", async (sort, figures, order) => {
    const whole = (await list()).items.length;
    const pages = async (asked: KeySort) => {
      const parts = [];
      for (let page = 1; page <= Math.ceil(whole / 5); page += 1)
        parts.push(...(await list({ sort: asked, page, limit: 5 })).items);
      return parts;
    };
    const [rising, falling] = [await pages(sort), await pages(`-${sort}` as KeySort)];
    expect(new Set(rising.map(({ id }) => id)).size).toBe(whole);
    expect(new Set(falling.map(({ id }) => id)).size).toBe(whole);
    const sorted = figures(rising).toSorted(order as never);
    expect(figures(rising)).toEqual(sorted);
    expect(figures(falling)).toEqual(sorted.toReversed());
    expect(new Set(sorted).size).toBeGreaterThan(1);
  });

  test("tells when OpenRouter made a key, newest first, and beside it when it was added here", async () => {
    const [newest] = (await list()).items;
    if (!newest) throw new Error("The account has no keys");
    await sql()`update api_keys set upstream_created_at = '2020-02-02T00:00:00Z' where id = ${newest.id}`;
    const aged = (await list()).items.at(-1);
    expect(aged).toMatchObject({ id: newest.id, created_at: "2020-02-02T00:00:00.000Z", added_at: newest.added_at });
    await sql()`update api_keys set upstream_created_at = null where id = ${newest.id}`;
    const told = await getKey(person.viewer, { id: newest.id });
    expect(told.created_at).toBe(told.added_at);
  });

  test("answers at its door, which refuses an order that nobody knows", async () => {
    const ask = (query: string) => readKeys(requestTo(`/api/keys?${query}`, { token: person.accessToken }), context());
    const { items } = await (await ask("q=KEY-&sort=name&limit=3")).json();
    expect(items.map((key: { name: string }) => key.name)).toEqual(["key-0001", "key-0002", "key-0003"]);
    expect((await ask("sort=secret")).status).toBe(422);
    expect((await ask("status=happy")).status).toBe(422);
  });

  test("is asked for by an address that is forgiven what makes no sense", () => {
    expect(KeyParams.parse({ q: " \0", status: "happy", sort: "hash", page: "-3" })).toEqual({
      sort: "-created_at",
      page: 1,
    });
    expect(KeyParams.parse({ q: " shop ", status: ["inactive", "valid"], sort: "name", page: "2" })).toEqual({
      q: "shop",
      status: "inactive",
      sort: "name",
      page: 2,
    });
  });
});
