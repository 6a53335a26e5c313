import { describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { createKey } from "@/lib/keys/create-key";
import { getKey, listKeys, updateKey } from "@/lib/keys/keys";
import { getSyncRun, listSyncRuns, requestSync } from "@/lib/sync/runs";
import { allowRuns, resumeRuns, settleRuns, stopRuns } from "@/lib/sync/worker";
import { booked, keyRow, syncNow, truth } from "./support/books";
import { simulateOpenRouter } from "./support/openrouter";
import { createPerson } from "./support/world";

const openRouter = simulateOpenRouter({ days: 33, seed: 7 });
const world = () => openRouter().world;

async function connectAccount() {
  const { viewer } = await createPerson();
  const key = await createKey(viewer, { name: "Account", key: world().managementKey().plaintext });
  await settleRuns();
  return { viewer, key };
}

describe("a sync of an account through its management key", () => {
  test("books what OpenRouter's ledger says, in all and for each listed key", async () => {
    const { viewer, key } = await connectAccount();
    expect(await getKey(viewer, { id: key.id })).toMatchObject({
      kind: "management",
      status: "valid",
      last_sync_error: null,
    });
    expect(await booked(viewer)).toEqual(truth(world()));
    for (const listed of world()
      .keys()
      .filter((one) => one.kind === "inference")) {
      expect(await booked(viewer, listed.hash), listed.name).toEqual(truth(world(), { keyHash: listed.hash }));
    }
  });

  test("puts spend of keys that OpenRouter does not list on the account itself", async () => {
    const { viewer } = await connectAccount();
    const unlisted = world()
      .keys()
      .filter((one) => one.kind === "oauth" || one.kind === "chatroom");
    expect(await booked(viewer, world().managementKey().hash)).toEqual(
      truth(world(), { keyHash: unlisted.map((one) => one.hash) }),
    );
  });

  test("imports every key of every workspace without its secret, and does not count them as pasted", async () => {
    const { viewer } = await connectAccount();
    const { items } = await listKeys(viewer, { page: 1, limit: 100 });
    const imported = items.filter((one) => one.management_key_id !== null);
    expect(imported.map((one) => one.name).sort()).toEqual(
      world()
        .keys()
        .filter((one) => one.kind === "inference")
        .map((one) => one.name)
        .sort(),
    );
    expect(imported.every((one) => !one.has_secret)).toBe(true);
    expect(imported.find((one) => one.name === "contractor")?.status).toBe("disabled");
    expect(imported.find((one) => one.name === "hackathon")?.status).toBe("expired");
  });

  test("changes nothing when it runs again, and takes in rows that arrive late", async () => {
    const { viewer } = await connectAccount();
    const before = await booked(viewer);
    expect(await syncNow(viewer)).toMatchObject({ status: "succeeded", rows_written: 0, errors: [] });
    expect(await booked(viewer)).toEqual(before);

    const at = new Date(Date.now() - 30 * 3_600_000);
    world().record({ keyHash: world().keyNamed("prod-web").hash, model: "openai/gpt-4.1", at, cost: "0.1234567" });
    expect((await syncNow(viewer)).rows_written).toBeGreaterThan(0);
    expect(await booked(viewer)).toEqual(truth(world()));
  });

  test("leaves a key that is switched off as it was and catches up when it is on again", async () => {
    const { viewer } = await connectAccount();
    const { hash } = world().keyNamed("dev-laptop");
    const { id } = await keyRow(viewer, hash);
    await updateKey(viewer, { id, is_active: false });
    world().record({ keyHash: hash, model: "openai/gpt-4.1", cost: "0.5" });
    const before = await booked(viewer, hash);
    await syncNow(viewer);
    expect(await booked(viewer, hash)).toEqual(before);
    await updateKey(viewer, { id, is_active: true });
    await syncNow(viewer);
    expect(await booked(viewer)).toEqual(truth(world()));
  });

  test("can read one key of the account alone", async () => {
    const { viewer } = await connectAccount();
    const { hash } = world().keyNamed("batch-nightly");
    world().record({ keyHash: hash, model: "openai/gpt-4.1", cost: "0.25" });
    const run = await syncNow(viewer, (await keyRow(viewer, hash)).id);
    expect(run).toMatchObject({ status: "succeeded", keys_total: 1, keys_done: 1 });
    expect(await booked(viewer, hash)).toEqual(truth(world(), { keyHash: hash }));
  });

  test("takes a pasted key over from its imported row by the hash, and the other way round", async () => {
    const { viewer } = await createPerson();
    const web = world().keyNamed("prod-web");
    await createKey(viewer, { name: "Our web shop", key: web.plaintext });
    await settleRuns();
    expect(await keyRow(viewer, web.hash)).toMatchObject({ measured_by: "sample", management_key_id: null });
    await createKey(viewer, { name: "Account", key: world().managementKey().plaintext });
    await settleRuns();
    expect(await keyRow(viewer, web.hash)).toMatchObject({ measured_by: "analytics", name: "Our web shop" });
    const laptop = world().keyNamed("dev-laptop");
    const pasted = await createKey(viewer, { name: "Laptop", key: laptop.plaintext });
    await settleRuns();
    expect(pasted).toMatchObject({ id: (await keyRow(viewer, laptop.hash)).id, has_secret: true });
    expect(await booked(viewer)).toEqual(truth(world()));
  });

  test("follows renames, new keys and deleted keys, and keeps a name that a person gave", async () => {
    const { viewer } = await connectAccount();
    const fresh = world().createKey({ name: "brand-new" });
    world().record({ keyHash: fresh.hash, model: "openai/gpt-4.1", cost: "0.75" });
    const laptop = world().keyNamed("dev-laptop");
    world().renameKey(laptop.hash, "travel-laptop");
    const web = await keyRow(viewer, world().keyNamed("prod-web").hash);
    await updateKey(viewer, { id: web.id, name: "The shop" });
    world().renameKey(web.hash, "prod-web-2");
    await syncNow(viewer);
    expect((await keyRow(viewer, laptop.hash)).name).toBe("travel-laptop");
    expect(await keyRow(viewer, web.hash)).toMatchObject({ name: "The shop", upstream_name: "prod-web-2" });
    world().deleteKey(fresh.hash);
    await syncNow(viewer);
    expect((await keyRow(viewer, fresh.hash)).status).toBe("deleted");
    expect(await booked(viewer)).toEqual(truth(world()));
    world().renameKey(laptop.hash, "dev-laptop");
    world().renameKey(web.hash, "prod-web");
  });

  test("finds our sums in step with OpenRouter's counters", async () => {
    const { viewer } = await connectAccount();
    for (const key of world()
      .keys()
      .filter((one) => one.kind === "inference" && !one.deletedAt)) {
      const row = await keyRow(viewer, key.hash);
      expect(Math.abs(Number(row.drift)), key.name).toBeLessThan(1e-8);
      expect(Math.abs(Number(row.drift_daily)), key.name).toBeLessThan(1e-8);
      expect(Number(row.usage_before), key.name).toBe(0);
    }
    const account = await keyRow(viewer, world().managementKey().hash);
    expect(Number(account.credits_used).toFixed(8)).toBe((await booked(viewer)).cost);
  });
});

describe("runs", () => {
  test("two at once end with the right sums and neither fails", async () => {
    const { viewer } = await connectAccount();
    world().record({ keyHash: world().keyNamed("prod-web").hash, model: "openai/gpt-4.1", cost: "0.125" });
    const first = await requestSync(viewer, {});
    // One that has not begun would be answered again.
    await expect.poll(async () => (await getSyncRun(viewer, first)).status).not.toBe("queued");
    const runs = [first, await requestSync(viewer, {})];
    await settleRuns();
    for (const run of runs) expect(await getSyncRun(viewer, run)).toMatchObject({ status: "succeeded", errors: [] });
    expect(await booked(viewer)).toEqual(truth(world()));
    expect((await listSyncRuns(viewer, { page: 1, limit: 2 })).items.map((run) => run.run_id)).toEqual([
      runs[1]?.run_id,
      runs[0]?.run_id,
    ]);
  });

  test("are queued once, however many of the team ask before one begins", async () => {
    const { viewer } = await connectAccount();
    const { viewer: other } = await createPerson();
    await sql()`update members set team_id = ${viewer.teamId}, role = 'member' where user_id = ${other.userId}`;
    const people = [viewer, { ...other, teamId: viewer.teamId }];
    await stopRuns();
    const asked = await Promise.all(
      Array.from({ length: 10 }, (_, index) => requestSync(people[index % 2] ?? viewer, {})),
    );
    expect(new Set(asked.map(({ run_id }) => run_id)).size).toBe(1);
    const events = await sql()`
      select from audit_events where team_id = ${viewer.teamId} and action = 'sync.requested'`;
    expect(events).toHaveLength(1);
    allowRuns();
    await resumeRuns();
    await settleRuns();
  });

  test("belong to their team", async () => {
    const { viewer } = await connectAccount();
    const { viewer: bob } = await createPerson();
    const run = await requestSync(viewer, {});
    await expect(getSyncRun(bob, run)).rejects.toMatchObject({ code: "forbidden" });
    await expect(getSyncRun(bob, { run_id: 2_000_000 })).rejects.toMatchObject({ code: "not_found" });
    await expect(requestSync(bob, {})).rejects.toMatchObject({ code: "conflict" });
    await settleRuns();
  });

  test("that were broken off are taken up where they stood", async () => {
    const { viewer } = await connectAccount();
    world().record({ keyHash: world().keyNamed("prod-web").hash, model: "openai/gpt-4.1", cost: "0.0625" });
    const hang = openRouter().faults.add({ kind: "hang", match: { path: "/analytics/query" } });
    const { run_id } = await requestSync(viewer, {});
    await stopRuns();
    expect(await getSyncRun(viewer, { run_id })).toMatchObject({ status: "running", finished_at: null });
    hang.remove();
    allowRuns();
    await resumeRuns();
    await settleRuns();
    expect(await getSyncRun(viewer, { run_id })).toMatchObject({ status: "succeeded" });
    expect(await booked(viewer)).toEqual(truth(world()));
  });
});
