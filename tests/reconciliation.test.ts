import { describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { createKey } from "@/lib/keys/create-key";
import { readKeyReconciliation, readReconciliation } from "@/lib/reconciliation/read";
import { Reconciliation } from "@/lib/reconciliation/schema";
import { settleRuns } from "@/lib/sync/worker";
import { keyRow, syncNow } from "./support/books";
import { simulateOpenRouter } from "./support/openrouter";
import { createPerson } from "./support/world";

const openRouter = simulateOpenRouter({ days: 5, seed: 3 });
const world = () => openRouter().world;

async function connect(key: string) {
  const { viewer } = await createPerson();
  const { id } = await createKey(viewer, { name: "Connected", key });
  await settleRuns();
  return { viewer, id };
}

describe("reconciliation", () => {
  test("is in step after a sync: every key, the account's credits, and all together", async () => {
    const { viewer } = await connect(world().managementKey().plaintext);
    const result = Reconciliation.parse(await readReconciliation(viewer));
    expect(result.keys.filter((key) => key.is_off)).toEqual([]);
    expect(result.keys.every((key) => key.drift === 0 && key.drift_today === 0)).toBe(true);
    expect(result.accounts).toHaveLength(1);
    expect(result.accounts[0]).toMatchObject({ is_off: false, drift: 0 });
    expect(result.accounts[0]?.unattributed).toBeGreaterThan(0);
    expect(result.total).toMatchObject({ drift: 0, is_off: false });
  });

  test("marks a difference above a cent and a thousandth, and says by how much", async () => {
    const { viewer } = await connect(world().managementKey().plaintext);
    const { id } = await keyRow(viewer, world().keyNamed("prod-web").hash);
    await sql()`update key_counters set usage = usage + 5, drift = drift + 5 where api_key_id = ${id}`;
    expect(await readKeyReconciliation(viewer, { id })).toMatchObject({
      is_off: true,
      drift: 5,
      reasons: ["late_rows"],
    });
    await syncNow(viewer);
    expect(await readKeyReconciliation(viewer, { id })).toMatchObject({ is_off: false, drift: 0, reasons: [] });
  });

  test("of a sampled key tells what it spent before it was watched", async () => {
    const key = world().keyNamed("dev-laptop");
    const { viewer, id } = await connect(key.plaintext);
    const comparison = await readKeyReconciliation(viewer, { id });
    expect(comparison).toMatchObject({ drift: 0, is_off: false, reasons: ["history", "sampled"] });
    expect((comparison?.before ?? 0) + (comparison?.ours ?? 0)).toBeCloseTo(
      Number(world().ledger({ keyHash: key.hash }).cost),
      8,
    );
    world().record({ keyHash: key.hash, model: "openai/gpt-4.1", cost: "0.375" });
    const before = comparison?.ours ?? 0;
    await syncNow(viewer);
    const after = await readKeyReconciliation(viewer, { id });
    expect(after?.ours).toBeCloseTo(before + 0.375, 8);
    expect(after).toMatchObject({ drift: 0 });
  });

  test("of one team shows nothing of another", async () => {
    const { id } = await connect(world().managementKey().plaintext);
    const { viewer: bob } = await createPerson();
    expect(await readReconciliation(bob)).toMatchObject({ keys: [], accounts: [] });
    expect(await readKeyReconciliation(bob, { id })).toBeNull();
  });
});
