import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { createKey } from "@/lib/keys/create-key";
import { listAccountKeys } from "@/lib/openrouter/account";
import { readWorkspace } from "@/lib/openrouter/destinations";
import { getSyncRun, listSyncRuns } from "@/lib/sync/runs";
import { settleRuns } from "@/lib/sync/worker";
import { type Asked, tinyOpenRouter } from "./support/tiny-openrouter";
import { createPerson } from "./support/world";

const openRouter = tinyOpenRouter();
const SECRET = `sk-or-v1-${"0".repeat(64)}`;
const hashOf = (index: number) => createHash("sha256").update(String(index)).digest("hex");
const row = (index: number, more: object = {}) => ({ hash: hashOf(index), name: `key ${index}`, usage: 0, ...more });
const rows = (count: number, first = 0) => Array.from({ length: count }, (_, index) => row(first + index));
const workspace = (index: number) => ({
  id: `workspace-${index}`,
  name: `W ${index}`,
  slug: index === 0 ? "default" : `w-${index}`,
});
const offsetOf = ({ query }: Asked) => Number(query.get("offset") ?? 0);
const WORKSPACES = { data: [workspace(0)], total_count: 1 };

/** An account of one workspace whose list of keys is answered so; answers the hashes that were found. */
async function listed(keys: (asked: Asked) => unknown, workspaces: (asked: Asked) => unknown = () => WORKSPACES) {
  openRouter.answers((asked) => ({ body: asked.path === "/keys" ? keys(asked) : workspaces(asked) }));
  return listAccountKeys(SECRET, { retries: 0 });
}
const asks = (path: string) => openRouter.asked.filter((asked) => asked.path === path).length;
const hashes = ({ keys }: { keys: { hash: string }[] }) => keys.map(({ hash }) => hash);

describe("a list of keys", () => {
  test.each([
    [0, 1],
    [1, 1],
    [99, 1],
    [100, 2],
    [101, 2],
    [250, 3],
  ])("of %i is read in %i pages", async (count, pages) => {
    const all = rows(count);
    const found = await listed((asked) => ({ data: all.slice(offsetOf(asked), offsetOf(asked) + 100) }));
    expect(hashes(found)).toEqual(all.map(({ hash }) => hash));
    expect(asks("/keys")).toBe(pages);
  });

  test("is not asked for more than its total, where it tells one", async () => {
    const found = await listed((asked) => ({ data: rows(100, offsetOf(asked)), total_count: "200" }));
    expect(hashes(found)).toHaveLength(200);
    expect(asks("/keys")).toBe(2);
  });

  test("is read whole though pages are smaller than ours, and though its total is wrong", async () => {
    const all = rows(120);
    const inFifties = (total: number) => (asked: Asked) => ({
      data: all.slice(offsetOf(asked), offsetOf(asked) + 50),
      total_count: total,
    });
    expect(hashes(await listed(inFifties(120)))).toHaveLength(120);
    expect(hashes(await listed(inFifties(500)))).toHaveLength(120);
    const tooFew = await listed((asked) => ({
      data: all.slice(offsetOf(asked), offsetOf(asked) + 100),
      total_count: 7,
    }));
    expect(hashes(tooFew)).toHaveLength(120);
  });

  test("that moves while it is read brings each key once", async () => {
    const found = await listed((asked) => ({
      data: rows(offsetOf(asked) === 0 ? 100 : 60, Math.max(0, offsetOf(asked) - 5)),
    }));
    expect(new Set(hashes(found)).size).toBe(155);
    expect(found.keys).toHaveLength(155);
  });

  test("loses no key for another that cannot be read", async () => {
    const bad = [null, 7, "x", {}, { hash: "short" }, row(1, { usage: "much" })];
    const found = await listed(() => ({ data: [...bad, row(2)] }));
    expect(hashes(found)).toEqual([hashOf(2)]);
    expect(found.rejected).toBe(bad.length);
  });

  test.each([
    ["ignores the offset", () => ({ data: rows(100) }), 2],
    [
      "ignores the offset and has rows that nobody can read",
      () => ({ data: Array.from({ length: 100 }, () => null) }),
      2,
    ],
    ["ignores the offset and tells a total", () => ({ data: rows(100), total_count: 1_000_000 }), 2],
    ["has always another page", (asked: Asked) => ({ data: rows(100, offsetOf(asked)) }), 1000],
    ["brings one new key a page", (asked: Asked) => ({ data: [...rows(99), row(offsetOf(asked) + 100)] }), 1000],
  ])(
    "that %s is told as an error",
    async (_, keys, most) => {
      await expect(listed(keys)).rejects.toMatchObject({
        name: "UpstreamError",
        message: expect.stringMatching(
          /^OpenRouter's answer about the list of keys (brings the same page again and again|has no end after 1000 pages)$/,
        ),
      });
      expect(asks("/keys")).toBe(most);
    },
    60_000,
  );
});

describe("a list of workspaces", () => {
  test("is read page by page, and each of them for its keys", async () => {
    const found = await listed(
      ({ query }) => ({ data: [row(Number(query.get("workspace_id")?.replace("workspace-", "")))] }),
      (asked) => ({
        data: Array.from({ length: 150 }, (_, index) => workspace(index)).slice(offsetOf(asked), offsetOf(asked) + 100),
        total_count: 150,
      }),
    );
    expect(found.keys.map(({ workspaceName }) => workspaceName)).toEqual(
      Array.from({ length: 150 }, (_, index) => `W ${index}`),
    );
  });

  test("loses none for another that cannot be read, and the account is then not taken for complete", async () => {
    const found = await listed(
      ({ query }) => ({ data: query.get("workspace_id") === "workspace-3" ? [row(3)] : [] }),
      () => ({ data: [null, { name: "no id" }, { ...workspace(3), name: 7 }] }),
    );
    expect(found).toMatchObject({ keys: [{ hash: hashOf(3), workspaceName: null }], rejected: 2 });
  });

  test("that ignores the offset is told as an error", async () => {
    const everyTime = () => ({ data: Array.from({ length: 100 }, (_, index) => workspace(index)), total_count: 101 });
    await expect(listed(() => ({ data: [] }), everyTime)).rejects.toThrow(
      "about the workspaces brings the same page again",
    );
    expect(asks("/workspaces")).toBe(2);
  });

  test("has its default one found on whichever page it stands", async () => {
    const all = Array.from({ length: 130 }, (_, index) => workspace(129 - index));
    openRouter.answers((asked) => ({
      body: { data: all.slice(offsetOf(asked), offsetOf(asked) + 100), total_count: 130 },
    }));
    expect(await readWorkspace(SECRET, null)).toMatchObject({ id: "workspace-0", slug: "default" });
  });
});

test("a sync of an account whose list never ends fails in words, and no key is taken for gone", async () => {
  const { viewer } = await createPerson();
  const answers: Record<string, unknown> = {
    "/key": { data: { label: "sk-or-v1-000...000", usage: 0, is_management_key: true } },
    "/workspaces": WORKSPACES,
  };
  openRouter.answers(({ path }) => ({ body: answers[path] ?? { data: rows(100) } }));
  await createKey(viewer, { name: "Account", key: SECRET });
  await settleRuns();
  const [last] = (await listSyncRuns(viewer, { page: 1, limit: 1 })).items;
  expect(await getSyncRun(viewer, { run_id: last?.run_id ?? 0 })).toMatchObject({
    status: "failed",
    errors: [{ detail: "OpenRouter's answer about the list of keys brings the same page again and again" }],
  });
  expect(asks("/keys")).toBeLessThan(10);
  expect(await sql()`select from api_keys where team_id = ${viewer.teamId} and status = 'deleted'`).toHaveLength(0);
});
