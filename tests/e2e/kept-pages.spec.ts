import { expect, test } from "@playwright/test";
import { type Instance, startInstance, untilSynced } from "../support/production-instance";
import type { ProductionServer } from "../support/production-server";
import { signIn } from "../support/sign-in";

/** The dashboard of the production build, loaded again and again. */
test.describe.configure({ mode: "serial", timeout: 60_000 });

let instance: Instance;
let server: ProductionServer;
let ann: string;
let keyId: number;

async function load(session: string, query = "", headers: Record<string, string> = {}) {
  const answer = await fetch(`${server.address}/dashboard${query}`, {
    headers: { cookie: `session=${session}`, ...headers },
    redirect: "manual",
  });
  const text = await answer.text();
  const nonces = new Set([...text.matchAll(/nonce="([^"]+)"/g)].map(([, nonce]) => nonce));
  return { answer, text, nonces, madeAt: /\\"madeAt\\":(\d+)/.exec(text)?.[1] };
}

test.beforeAll(async () => {
  instance = await startInstance([{ LOG_LEVEL: "error" }], { seed: 4, days: 3, keys: 2 });
  [server] = instance.servers as [ProductionServer];
  ann = await signIn(server, "ann@example.com");
  const key = instance.simulator.world.managementKey().plaintext;
  const added = await server.call<{ id: number }>("/api/keys", { token: ann, body: { name: "Zanzibar", key } });
  keyId = added.body.id;
  await untilSynced(instance);
});

test.afterAll(() => instance?.close());

test("it is made once as long as nothing changes, and allows only the scripts of this one answer", async () => {
  const [first, second, other] = [await load(ann), await load(ann), await load(ann, "?period=7d")];
  expect(first.madeAt).toBeDefined();
  expect(second.madeAt).toBe(first.madeAt);
  expect(other.madeAt).not.toBe(first.madeAt);
  for (const { answer, nonces } of [first, second]) {
    expect(nonces.size).toBe(1);
    expect(answer.headers.get("content-security-policy")).toContain(`'nonce-${[...nonces][0]}'`);
    expect(answer.headers.get("cache-control")).toContain("no-store");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  }
  expect([...second.nonces]).not.toEqual([...first.nonces]);
  const without = ({ text, nonces }: typeof first) => text.replaceAll([...nonces][0] ?? "", "");
  expect(without(second)).toBe(without(first));
});

test("it leaves as the browser takes it", async () => {
  const plain = await load(ann, "", { "Accept-Encoding": "identity" });
  expect(plain.answer.headers.get("content-encoding")).toBeNull();
  for (const encoding of ["br", "gzip"]) {
    const packed = await load(ann, "", { "Accept-Encoding": encoding });
    expect(packed.answer.headers.get("content-encoding")).toBe(encoding);
    expect(packed.answer.headers.get("vary")).toContain("Accept-Encoding");
    expect(packed.madeAt).toBe(plain.madeAt);
    expect(packed.text).toHaveLength(plain.text.length);
  }
});

test("whatever changes shows at the very next load", async () => {
  let before = await load(ann);
  const changes = async (change: () => Promise<unknown>, shows: RegExp) => {
    expect(before.text).not.toMatch(shows);
    await change();
    const after = await load(ann);
    expect(after.text).toMatch(shows);
    expect(after.madeAt).not.toBe(before.madeAt);
    before = await load(ann);
    expect(before.madeAt).toBe(after.madeAt);
  };
  const { sql } = instance;
  const profile = (body: object) => server.call("/api/profile", { token: ann, method: "PATCH", body });
  await changes(
    () => server.call(`/api/keys/${keyId}`, { token: ann, method: "PATCH", body: { name: "Madagascar" } }),
    /Madagascar/,
  );
  await changes(
    () => sql`insert into saved_views (team_id, user_id, page, name, query)
              select team_id, user_id, 'dashboard', 'Mauritius', '?period=7d' from members`,
    /Mauritius/,
  );
  await changes(() => profile({ locale: "it" }), /<html[^>]*lang="it"/);
  await changes(() => profile({ theme: "dark" }), /<html[^>]*dark/);
  await changes(() => sql`update api_keys set name = 'Seychelles' where id = ${keyId}`, /Seychelles/);
});

test("while a sync is under way it is made anew each time", async () => {
  await instance.sql`insert into sync_runs (team_id, trigger, status) select id, 'manual', 'running' from teams`;
  const [first, second] = [await load(ann), await load(ann)];
  expect(second.madeAt).not.toBe(first.madeAt);
  await instance.sql`delete from sync_runs where finished_at is null`;
});

test("who hangs up while it is made leaves nothing behind", async () => {
  const query = "?period=30d&group=key";
  const headers = { cookie: `session=${ann}` };
  await Promise.all(
    [1, 5, 20].map((ms) =>
      fetch(`${server.address}/dashboard${query}`, { headers, signal: AbortSignal.timeout(ms) }).catch(() => {}),
    ),
  );
  expect((await load(ann, query)).answer.status).toBe(200);
  expect(server.written()).not.toContain("could not be answered");
});

test("an ended session gets nothing of it, nor does anybody else", async () => {
  const own = await load(ann);
  const bob = await load(await signIn(server, "bob@example.com"));
  expect(bob.text).not.toContain("Seychelles");
  const stranger = await load(`${ann}x`);
  expect(stranger.answer.status).toBe(307);
  await server.call("/api/auth/logout", { token: ann, method: "POST" });
  const ended = await load(ann);
  expect(own.text).toContain("Seychelles");
  expect(ended.answer.status).toBe(307);
  expect(ended.text).not.toContain("Seychelles");
});
