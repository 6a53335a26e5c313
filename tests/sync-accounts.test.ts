import { describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { createKey } from "@/lib/keys/create-key";
import { deleteKey, updateKey } from "@/lib/keys/keys";
import { readReconciliation } from "@/lib/reconciliation/read";
import { settleRuns } from "@/lib/sync/worker";
import { readOutlook } from "@/lib/usage/read/read-outlook";
import { booked, keyRow, syncNow } from "./support/books";
import { simulateOpenRouter } from "./support/openrouter";
import { createPerson } from "./support/world";

const openRouter = simulateOpenRouter({ days: 0, keys: 0 });
const world = () => openRouter().world;

/** An account of its own in the same world: a listed key that spent 1 USD, an app's key that is not listed and spent 7. */
function newAccount() {
  const account = world().addAccount();
  account.creditsBought = 100e10;
  world().addWorkspace("Default", { accountId: account.id });
  const make = (name: string, kind: "inference" | "management" | "oauth") =>
    world().createKey({ name, kind, accountId: account.id });
  const [first, second] = [make("Old", "management"), make("New", "management")];
  const [listed, app] = [make("web", "inference"), make("an app", "oauth")];
  world().record({ keyHash: listed.hash, model: "openai/gpt-4.1", cost: "1" });
  world().record({ keyHash: app.hash, model: "openai/gpt-4.1", cost: "7" });
  return { first, second, listed, make };
}

async function connect(viewer: Viewer, name: string, key: string): Promise<number> {
  const { id } = await createKey(viewer, { name, key });
  await settleRuns();
  return id;
}

const costOf = async (viewer: Viewer, hash: string | null = null) => Number((await booked(viewer, hash)).cost);

describe("an account that two management keys see", () => {
  test("is counted once, and goes on through the other when one is switched off", async () => {
    const { viewer } = await createPerson();
    const { first, second, listed } = newAccount();
    const old = await connect(viewer, "Old", first.plaintext);
    expect(await costOf(viewer)).toBe(8);
    await connect(viewer, "New", second.plaintext);
    expect(await costOf(viewer)).toBe(8);
    await syncNow(viewer);
    expect(await costOf(viewer)).toBe(8);
    expect((await readReconciliation(viewer)).accounts).toHaveLength(1);

    await updateKey(viewer, { id: old, is_active: false });
    world().record({ keyHash: listed.hash, model: "openai/gpt-4.1", cost: "0.5" });
    expect(await syncNow(viewer)).toMatchObject({ status: "succeeded" });
    expect(await costOf(viewer)).toBe(8.5);
    expect(await costOf(viewer, listed.hash)).toBe(1.5);
    const [credits] = await sql()<{ left: string }[]>`
      select sum(credits_total - credits_used) as left from api_keys where team_id = ${viewer.teamId}`;
    expect(Number(credits?.left)).toBe(91.5);
  });

  test("keeps its usage and its keys when the key that stands for it is deleted", async () => {
    const { viewer } = await createPerson();
    const { first, second, listed } = newAccount();
    const old = await connect(viewer, "Old", first.plaintext);
    const next = await connect(viewer, "New", second.plaintext);
    await deleteKey(viewer, { id: old });
    expect(await costOf(viewer)).toBe(8);
    expect(await keyRow(viewer, listed.hash)).toMatchObject({ management_key_id: next });
    expect(await syncNow(viewer)).toMatchObject({ status: "succeeded" });
    expect(await costOf(viewer)).toBe(8);
    await deleteKey(viewer, { id: next });
    expect(await costOf(viewer)).toBe(0);
  });

  test("is found by a key that both list when OpenRouter does not say whose it is", async () => {
    const { viewer } = await createPerson();
    const { first, second } = newAccount();
    const old = await connect(viewer, "Old", first.plaintext);
    const next = await connect(viewer, "New", second.plaintext);
    // As it was before accounts were known as such: each stood for itself.
    await sql()`update api_keys set management_key_id = null, upstream_account = null where id = ${next}`;
    await sql()`insert into usage_hours (team_id, api_key_id, hour, source, cost) values (${viewer.teamId}, ${next}, date_trunc('hour', now()), 'analytics', 7)`;
    await syncNow(viewer);
    expect(await costOf(viewer)).toBe(8);
    expect(await keyRow(viewer, second.hash)).toMatchObject({ management_key_id: old });
  });

  test("is read through the next key when OpenRouter no longer accepts the first", async () => {
    const { viewer } = await createPerson();
    const { first, second, listed } = newAccount();
    await connect(viewer, "Old", first.plaintext);
    await connect(viewer, "New", second.plaintext);
    world().deleteKey(first.hash);
    world().record({ keyHash: listed.hash, model: "openai/gpt-4.1", cost: "2" });
    await syncNow(viewer);
    expect(await costOf(viewer)).toBe(10);
    expect((await keyRow(viewer, first.hash)).status).toBe("invalid");
    expect(await syncNow(viewer)).toMatchObject({ status: "succeeded" });
    expect((await readOutlook(viewer, {})).credits).toMatchObject({ total: 100 });
  });
});
