import { expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { createKey } from "@/lib/keys/create-key";
import { readReconciliation } from "@/lib/reconciliation/read";
import { settleRuns } from "@/lib/sync/worker";
import { booked, syncNow } from "./support/books";
import { simulateOpenRouter } from "./support/openrouter";
import { createPerson } from "./support/world";

const openRouter = simulateOpenRouter({ days: 0, keys: 0 });
const world = () => openRouter().world;

/** A fresh account, its connected owner, and a way to make keys that spend. */
async function connectAccount() {
  const account = world().addAccount();
  world().addWorkspace("Default", { accountId: account.id });
  const make = (name: string, kind: "inference" | "management" | "oauth" = "inference") =>
    world().createKey({ name, kind, accountId: account.id });
  const spend = (hash: string, cost: string, model = "openai/gpt-4.1") =>
    world().record({ keyHash: hash, model, cost });
  const management = make("Account", "management");
  const { viewer } = await createPerson();
  await createKey(viewer, { name: "Account", key: management.plaintext });
  await settleRuns();
  return { viewer, make, spend };
}

const costOf = async (viewer: Viewer, hash: string) => Number((await booked(viewer, hash)).cost);

test("keys of one name that follow each other each keep what they spent", async () => {
  const { viewer, make, spend } = await connectAccount();
  const keys: string[] = [];
  for (const cost of ["10", "5", "3"]) {
    const last = keys.at(-1);
    if (last) world().deleteKey(last);
    const { hash } = make("prod");
    spend(hash, cost);
    keys.push(hash);
    await syncNow(viewer);
  }
  expect(await Promise.all(keys.map((hash) => costOf(viewer, hash)))).toEqual([10, 5, 3]);
  await syncNow(viewer);
  expect(await Promise.all(keys.map((hash) => costOf(viewer, hash)))).toEqual([10, 5, 3]);
  expect((await readReconciliation(viewer)).keys.every((key) => !key.drift)).toBe(true);
});

test.each([
  ["an app's key that is not listed", "web"],
  ["OpenRouter's own chat", "Chatroom"],
])("a listed key and %s may have one name, and their spend stays apart", async (_what, name) => {
  const { viewer, make, spend } = await connectAccount();
  const [listed, unlisted] = [make(name), make(name, "oauth")];
  spend(listed.hash, "2");
  spend(unlisted.hash, "9");
  await syncNow(viewer);
  expect(await costOf(viewer, listed.hash)).toBe(2);
  expect(Number((await booked(viewer)).cost)).toBe(11);
});

test("the same holds for an account of more keys than models, whose keys are not asked one by one", async () => {
  const { viewer, make, spend } = await connectAccount();
  for (let index = 0; index < 8; index++) spend(make(`key ${index}`).hash, "1");
  const [listed, unlisted] = [make("web"), make("web", "oauth")];
  spend(listed.hash, "2");
  spend(unlisted.hash, "9");
  await syncNow(viewer);
  expect(await costOf(viewer, listed.hash)).toBe(2);
  expect(Number((await booked(viewer)).cost)).toBe(19);
});

test("a row that cannot be read is told, and what was renamed elsewhere is not counted twice", async () => {
  const { viewer, make, spend } = await connectAccount();
  const { hash } = make("web");
  spend(hash, "5", "openai/gpt-4.1");
  world().record({ keyHash: hash, model: "openai/gpt-4.1", cost: "1", at: new Date(Date.now() - 5 * 3_600_000) });
  await syncNow(viewer);
  expect(await costOf(viewer, hash)).toBe(6);
  await sql()`update usage_hours set model = 'renamed/upstream' where team_id = ${viewer.teamId} and cost = 5`;
  openRouter().faults.add({ kind: "bad-row", match: { path: "/analytics/query" } });
  const run = await syncNow(viewer);
  openRouter().faults.clear();
  expect(run).toMatchObject({ status: "partial", errors: [{ detail: expect.stringContaining("could not be read") }] });
  expect(await costOf(viewer, hash)).toBe(6);
});
