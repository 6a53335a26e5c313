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
  return { answer, text, nonces };
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

test("each answer allows only its own scripts, and nobody between may keep it", async () => {
  const [first, second] = [await load(ann), await load(ann)];
  for (const { answer, nonces } of [first, second]) {
    expect(nonces.size).toBe(1);
    expect(answer.headers.get("content-security-policy")).toContain(`'nonce-${[...nonces][0]}'`);
    expect(answer.headers.get("cache-control")).toContain("no-store");
  }
  expect([...second.nonces]).not.toEqual([...first.nonces]);
});

test("it leaves as the browser takes it", async () => {
  for (const [accepted, encoding] of [
    ["identity", null],
    ["gzip", "gzip"],
    ["gzip, deflate, br", /gzip|br/],
  ] as const) {
    const { answer, text } = await load(ann, "", { "Accept-Encoding": accepted });
    const given = answer.headers.get("content-encoding");
    if (encoding === null) expect(given).toBeNull();
    else expect(given).toMatch(encoding);
    expect(answer.headers.get("vary")).toContain("Accept-Encoding");
    expect(text).toContain("</html>");
  }
});

test("whatever changes shows at the very next load", async () => {
  const { sql } = instance;
  const changes = async (change: () => Promise<unknown>, shows: RegExp) => {
    expect((await load(ann)).text).not.toMatch(shows);
    await change();
    expect((await load(ann)).text).toMatch(shows);
  };
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

test("who hangs up while it is made leaves nothing behind", async () => {
  const query = "?period=30d&group=key";
  const headers = { cookie: `session=${ann}` };
  await Promise.all(
    [1, 5, 20].map((ms) =>
      fetch(`${server.address}/dashboard${query}`, { headers, signal: AbortSignal.timeout(ms) }).catch(() => {}),
    ),
  );
  expect((await load(ann, query)).answer.status).toBe(200);
  expect(server.written()).not.toMatch(/"level":"?(error|fatal|50|60)/);
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
