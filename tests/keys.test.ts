import { describe, expect, test } from "vitest";
import { PATCH as patchKey, GET as readKey } from "@/app/api/keys/[id]/route";
import { POST as tryKey } from "@/app/api/keys/[id]/test/route";
import { POST as addKey, GET as readKeys } from "@/app/api/keys/route";
import { GET as readRun } from "@/app/api/sync/[run_id]/route";
import { GET as readRuns, POST as startSync } from "@/app/api/sync/route";
import { sql } from "@/db/client";
import { openKey } from "@/lib/credentials/secret";
import { createKey } from "@/lib/keys/create-key";
import { deleteKey, getKey, listKeys, updateKey } from "@/lib/keys/keys";
import { testKey } from "@/lib/keys/test-key";
import { settleRuns } from "@/lib/sync/worker";
import { keyRow } from "./support/books";
import { simulateOpenRouter } from "./support/openrouter";
import { context, createPerson, requestTo } from "./support/world";

const openRouter = simulateOpenRouter({ days: 2, seed: 21, keys: 14, requestsPerDay: 4 });
const world = () => openRouter().world;
const inference = (index: number) => {
  const key = world()
    .keys()
    .filter((one) => one.kind === "inference")[index];
  if (!key) throw new Error(`The world has no key ${index}`);
  return key;
};

describe("a key", () => {
  test("is stored encrypted, told without its secret, and opens only in its own row", async () => {
    const { viewer } = await createPerson();
    const secret = inference(0).plaintext;
    const key = await createKey(viewer, { name: "  shop ", key: secret, description: "web" });
    await settleRuns();
    expect(JSON.stringify(await listKeys(viewer, { page: 1, limit: 10 }))).not.toContain(secret);
    const { ciphertext } = await keyRow(viewer, inference(0).hash);
    expect(ciphertext).toMatch(/^v1\.[0-9a-f]{8}\./);
    expect(ciphertext).not.toContain(secret);
    expect(openKey(key.id, ciphertext)).toBe(secret);
    expect(() => openKey(key.id + 1, ciphertext)).toThrow();
  });

  test("cannot be added twice in a team, but by another team", async () => {
    const [{ viewer: ann }, { viewer: bob }] = [await createPerson(), await createPerson()];
    await createKey(ann, { name: "one", key: inference(1).plaintext });
    await expect(createKey(ann, { name: "two", key: inference(1).plaintext })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(createKey(bob, { name: "his", key: inference(1).plaintext })).resolves.toMatchObject({ name: "his" });
    await settleRuns();
  });

  test("beyond the tenth is refused, even when all come at once", async () => {
    const { viewer } = await createPerson();
    const tries = Array.from({ length: 13 }, (_, index) =>
      createKey(viewer, { name: `key ${index}`, key: inference(index).plaintext }),
    );
    const results = await Promise.allSettled(tries);
    await settleRuns();
    const refusals = results.flatMap((result) =>
      result.status === "rejected" ? [String(result.reason.cause ?? result.reason)] : [],
    );
    expect(refusals).toEqual(Array(3).fill("AppError: You can watch at most 10 keys; delete one first"));
  });

  test("of Ann is invisible and untouchable to Bob", async () => {
    const [{ viewer: ann }, { viewer: bob }] = [await createPerson(), await createPerson()];
    const { id } = await createKey(ann, { name: "hers", key: inference(2).plaintext });
    await settleRuns();
    const forbidden = { code: "forbidden" };
    await expect(getKey(bob, { id })).rejects.toMatchObject(forbidden);
    await expect(updateKey(bob, { id, name: "mine" })).rejects.toMatchObject(forbidden);
    await expect(deleteKey(bob, { id })).rejects.toMatchObject(forbidden);
    await expect(testKey(bob, { id })).rejects.toMatchObject(forbidden);
    expect((await listKeys(bob, { page: 1, limit: 10 })).items).toEqual([]);
    expect((await getKey(ann, { id })).name).toBe("hers");
  });

  test("goes with its usage; pasted keys stay when the account they belong to goes", async () => {
    const { viewer } = await createPerson();
    const account = await createKey(viewer, { name: "account", key: world().managementKey().plaintext });
    await settleRuns();
    const pasted = await createKey(viewer, { name: "pasted", key: inference(3).plaintext });
    await settleRuns();
    await deleteKey(viewer, { id: account.id });
    const left = await listKeys(viewer, { page: 1, limit: 100 });
    expect(left.items.map((key) => key.id)).toEqual([pasted.id]);
    const [rest] =
      await sql()`select count(*)::int as count from usage_hours where team_id = ${viewer.teamId} and api_key_id <> ${pasted.id}`;
    expect(rest?.count).toBe(0);
  });

  test("leaves a line in the audit log for what is done with it, never its secret", async () => {
    const { viewer } = await createPerson();
    const { id } = await createKey(viewer, { name: "watched", key: inference(4).plaintext });
    await settleRuns();
    await updateKey(viewer, { id, is_active: false });
    await deleteKey(viewer, { id });
    const events =
      await sql()`select action, detail from audit_events where team_id = ${viewer.teamId} and object_type = 'api_key' order by id`;
    expect(events.map((event) => event.action)).toEqual(["key.created", "key.changed", "key.deleted"]);
    expect(JSON.stringify(events)).not.toContain("sk-or-v1");
  });
});

describe("the doors to keys and syncs", () => {
  test("walk the whole way: add, list, change, test, sync, look", async () => {
    const { accessToken: token } = await createPerson();
    const body = { name: "door", key: inference(5).plaintext };
    const added = await addKey(requestTo("/api/keys", { token, body }), context());
    expect(added.status).toBe(201);
    const { id } = await added.json();
    const list = await (await readKeys(requestTo("/api/keys", { token }), context())).json();
    expect(list.pagination).toEqual({ page: 1, limit: 100, total: 1, pages: 1 });
    const changed = await patchKey(
      requestTo(`/api/keys/${id}`, { method: "PATCH", token, body: { description: "front" } }),
      context({ id: String(id) }),
    );
    expect(await changed.json()).toMatchObject({ name: "door", description: "front" });
    const tested = await tryKey(
      requestTo(`/api/keys/${id}/test`, { method: "POST", token }),
      context({ id: String(id) }),
    );
    expect(await tested.json()).toMatchObject({ status: "valid", status_detail: null });
    const started = await startSync(requestTo("/api/sync", { method: "POST", token }), context());
    expect(started.status).toBe(202);
    const { run_id } = await started.json();
    await settleRuns();
    const run = await readRun(requestTo(`/api/sync/${run_id}`, { token }), context({ run_id: String(run_id) }));
    expect(await run.json()).toMatchObject({ status: "succeeded", keys_total: 1, keys_done: 1 });
    const runs = await (await readRuns(requestTo("/api/sync?limit=1", { token }), context())).json();
    expect(runs.items).toHaveLength(1);
  });

  test.each([
    ["a key of another kind", { name: "x", key: "sk-ant-not-one-of-openrouters" }, 400],
    ["a key that is too short", { name: "x", key: "sk-or-v1-1" }, 400],
    ["no name", { key: "sk-or-v1-0123456789" }, 422],
    ["a name of 101 characters", { name: "n".repeat(101), key: "sk-or-v1-0123456789" }, 422],
    ["a field nobody knows", { name: "x", key: "sk-or-v1-0123456789", color: "red" }, 422],
  ])("refuse %s and never repeat the key", async (_what, body, status) => {
    const { accessToken: token } = await createPerson();
    const response = await addKey(requestTo("/api/keys", { token, body }), context());
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    if (body.key) expect(await response.text()).not.toContain(body.key);
  });

  test("know no key that is not a number", async () => {
    const { accessToken: token } = await createPerson();
    expect((await readKey(requestTo("/api/keys/abc", { token }), context({ id: "abc" }))).status).toBe(404);
  });
});
