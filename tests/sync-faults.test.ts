import { afterEach, describe, expect, test } from "vitest";
import { forgetEnv } from "@/lib/base/env";
import { createKey } from "@/lib/keys/create-key";
import { getKey } from "@/lib/keys/keys";
import { testKey } from "@/lib/keys/test-key";
import { listSyncRuns } from "@/lib/sync/runs";
import { settleRuns } from "@/lib/sync/worker";
import type { FaultKind } from "@/simulator/faults";
import { booked, keyRow, syncNow, truth } from "./support/books";
import { type Dialect, speak } from "./support/dialects";
import { simulateOpenRouter } from "./support/openrouter";
import { createPerson } from "./support/world";

// A hanging OpenRouter is given up on soon, so that the tests need not wait as long as people would.
// biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
process.env.OPENROUTER_TIMEOUT_MS = "400";
forgetEnv();

const openRouter = simulateOpenRouter({ days: 4, seed: 11, keys: 3, requestsPerDay: 12 });
const world = () => openRouter().world;
afterEach(() => {
  openRouter().faults.clear();
  speak(openRouter());
});

/** Dialects that differ in what a fault may cost: how a model is named, and what may be asked at all. */
const SPOKEN: Dialect[] = ["models named and filtered by slug", "models named by display name", "no list of metrics"];

async function connectAccount() {
  const { viewer } = await createPerson();
  const key = await createKey(viewer, { name: "Account", key: world().managementKey().plaintext });
  await settleRuns();
  return { viewer, key };
}

const spend = (cost: string) => {
  const [key] = world()
    .keys()
    .filter((one) => one.kind === "inference");
  return world().record({ keyHash: key?.hash ?? "", model: "openai/gpt-4.1", cost });
};

const PASSING: FaultKind[] = [
  "status429",
  "status500",
  "html502",
  "hang",
  "drop",
  "truncated-json",
  "missing-fields",
  "bad-row",
];

describe("a passing fault of OpenRouter", () => {
  test.each(PASSING.flatMap((kind) => SPOKEN.map((dialect) => [kind, dialect] as const)))(
    "%s is tried again and leaves the sums exact, with %s",
    async (kind, dialect) => {
      speak(openRouter(), dialect);
      const { viewer } = await connectAccount();
      spend("0.1000001");
      openRouter().faults.add({ kind, times: 1, match: { path: "/analytics/query" } });
      expect(await syncNow(viewer)).toMatchObject({ status: "succeeded", errors: [] });
      expect(await booked(viewer)).toEqual(truth(world()));
    },
  );

  test("counts and money as text are read as the numbers they are", async () => {
    const { viewer } = await createPerson();
    openRouter().faults.add({ kind: "string-numbers" });
    await createKey(viewer, { name: "Account", key: world().managementKey().plaintext });
    await settleRuns();
    expect(await booked(viewer)).toEqual(truth(world()));
  });

  test("429 is answered by waiting as long as OpenRouter says", async () => {
    const { viewer } = await connectAccount();
    openRouter().faults.add({ kind: "status429", times: 1, retryAfterSeconds: 2, match: { path: "/analytics/query" } });
    openRouter().clearRequests();
    await syncNow(viewer);
    const [first, second] = openRouter().requests.filter((request) => request.path === "/analytics/query");
    expect(Number(second?.at) - Number(first?.at)).toBeGreaterThanOrEqual(2000);
  });
});

describe("a lasting fault of OpenRouter", () => {
  test.each(["status500", "drop", "truncated-json"] as const)(
    "%s marks the account, says why, and loses nothing",
    async (kind) => {
      const { viewer, key } = await connectAccount();
      const before = await booked(viewer);
      spend("0.2000002");
      openRouter().faults.add({ kind });
      const run = await syncNow(viewer);
      expect(run.status).toBe("failed");
      expect(run.errors[0]?.detail).toMatch(/OpenRouter/);
      expect(await booked(viewer)).toEqual(before);
      expect(await getKey(viewer, { id: key.id })).toMatchObject({
        status: "valid",
        last_sync_error: run.errors[0]?.detail,
      });
      openRouter().faults.clear();
      expect(await syncNow(viewer)).toMatchObject({ status: "succeeded" });
      expect(await getKey(viewer, { id: key.id })).toMatchObject({
        status: "valid",
        status_detail: null,
        last_sync_error: null,
      });
      expect(await booked(viewer)).toEqual(truth(world()));
    },
  );

  test("with one key makes the run partial; the others are booked and it catches up later", async () => {
    const { viewer } = await connectAccount();
    const [broken, healthy] = world()
      .keys()
      .filter((one) => one.kind === "inference");
    if (!broken || !healthy) throw new Error("The world has too few keys");
    // Keys of one name are asked by their hashes.
    world().renameKey(broken.hash, healthy.name);
    world().record({ keyHash: broken.hash, model: "openai/gpt-4.1", cost: "0.3" });
    world().record({ keyHash: healthy.hash, model: "openai/gpt-4.1", cost: "0.4" });
    openRouter().faults.add({
      kind: "status500",
      match: { path: "/analytics/query", bodyIncludes: `"operator":"eq","value":"${broken.hash}"` },
    });
    const run = await syncNow(viewer);
    const { id, name } = await keyRow(viewer, broken.hash);
    expect(run).toMatchObject({ status: "partial", errors: [{ api_key_id: id, api_key_name: name }] });
    expect(await booked(viewer, healthy.hash)).toEqual(truth(world(), { keyHash: healthy.hash }));
    expect(await booked(viewer)).toEqual(truth(world()));
    openRouter().faults.clear();
    expect(await syncNow(viewer)).toMatchObject({ status: "succeeded" });
    expect(await booked(viewer)).toEqual(truth(world()));
  });

  test("a row that cannot be read is counted, and the good ones are booked", async () => {
    const { viewer } = await connectAccount();
    const before = await booked(viewer);
    spend("0.5000005");
    openRouter().faults.add({ kind: "bad-row", match: { path: "/analytics/query" } });
    const run = await syncNow(viewer);
    expect(run.status).toBe("partial");
    expect(run.rows_rejected).toBeGreaterThan(0);
    expect(run.errors[0]?.detail).toMatch(/could not be read/);
    expect(Number((await booked(viewer)).cost)).toBeGreaterThanOrEqual(Number(before.cost));
    openRouter().faults.clear();
    await syncNow(viewer);
    expect(await booked(viewer)).toEqual(truth(world()));
  });

  test("analytics that are refused give way to activity: completed days exactly, today by its cost, and the run says so", async () => {
    const { viewer } = await createPerson();
    openRouter().faults.add({ kind: "status403", match: { path: "/analytics/query" } });
    await createKey(viewer, { name: "Account", key: world().managementKey().plaintext });
    await settleRuns();
    const midnight = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000);
    for (const key of world()
      .keys()
      .filter((one) => one.kind === "inference")) {
      const { cost } = truth(world(), { keyHash: key.hash });
      const completed = truth(world(), { keyHash: key.hash, to: midnight });
      expect(await booked(viewer, key.hash), key.name).toEqual({ ...completed, cost });
      const row = await keyRow(viewer, key.hash);
      expect(row).toMatchObject({ measured_by: "activity", measured_detail: expect.stringContaining("HTTP 403") });
    }
    const { items } = await listSyncRuns(viewer, { page: 1, limit: 1 });
    expect(items[0]).toMatchObject({ status: "partial", errors: [{ detail: expect.stringContaining("by the day") }] });
    openRouter().faults.clear();
    await syncNow(viewer);
    expect(await booked(viewer)).toEqual(truth(world()));
  });

  test("only 401 makes a key invalid, and a key accepted again is valid again", async () => {
    const { viewer, key } = await connectAccount();
    openRouter().faults.add({ kind: "status500" });
    await expect(testKey(viewer, { id: key.id })).rejects.toMatchObject({ code: "upstream_failed" });
    expect((await getKey(viewer, { id: key.id })).status).toBe("valid");
    openRouter().faults.clear();
    openRouter().faults.add({ kind: "status401" });
    expect(await syncNow(viewer)).toMatchObject({ status: "failed" });
    expect((await getKey(viewer, { id: key.id })).status).toBe("invalid");
    openRouter().faults.clear();
    expect(await testKey(viewer, { id: key.id })).toMatchObject({ status: "valid" });
    expect(await syncNow(viewer)).toMatchObject({ status: "succeeded" });
  });
});

describe("adding a key", () => {
  test("that OpenRouter refuses is refused here", async () => {
    const { viewer } = await createPerson();
    const key = `sk-or-v1-${"0".repeat(64)}`;
    await expect(createKey(viewer, { name: "Wrong", key })).rejects.toMatchObject({
      code: "bad_request",
      detail: "OpenRouter does not accept this key",
    });
  });

  test("while OpenRouter cannot be reached keeps it, unverified", async () => {
    const { viewer } = await createPerson();
    openRouter().faults.add({ kind: "drop" });
    const [key] = world()
      .keys()
      .filter((one) => one.kind === "inference");
    const added = await createKey(viewer, { name: "Later", key: key?.plaintext ?? "" });
    expect(added.status).toBe("unverified");
    await settleRuns();
    expect(await getKey(viewer, { id: added.id })).toMatchObject({ status: "unreachable" });
    openRouter().faults.clear();
    await syncNow(viewer);
    expect(await getKey(viewer, { id: added.id })).toMatchObject({ status: "valid" });
  });

  test("while OpenRouter cannot be reached finds out later that it is a management key", async () => {
    const { viewer } = await createPerson();
    openRouter().faults.add({ kind: "status500" });
    const added = await createKey(viewer, { name: "Account", key: world().managementKey().plaintext });
    await settleRuns();
    expect(added).toMatchObject({ kind: "inference", status: "unverified" });
    openRouter().faults.clear();
    await syncNow(viewer);
    expect(await getKey(viewer, { id: added.id })).toMatchObject({ kind: "management", status: "valid" });
    expect(await booked(viewer)).toEqual(truth(world()));
  });
});
