import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { createConnection, deleteConnection, listConnections } from "@/lib/broadcast/connections";
import { MAX_BODY_BYTES } from "@/lib/broadcast/read-body";
import { listRecentRequests, readLiveState } from "@/lib/broadcast/recent";
import { createKey } from "@/lib/keys/create";
import { updateKey } from "@/lib/keys/keys";
import { settleRuns } from "@/lib/sync/worker";
import { broadcastBody } from "@/simulator/broadcast";
import type { NewRequest } from "@/simulator/world/recorder";
import { booked, keyRow, syncNow, truth } from "./support/books";
import { connectBroadcast, disconnectBroadcast, generationsOf, serveIngest } from "./support/broadcast";
import { simulateOpenRouter } from "./support/openrouter";
import { createPerson } from "./support/world";

const MODEL = "openai/gpt-4.1";
const openRouter = simulateOpenRouter({ days: 2, seed: 3, keys: 3, requestsPerDay: 10 });
const origin = serveIngest();
const world = () => openRouter().world;
const keyNamed = (name: string) => world().keyNamed(name);
const spend = (more: Partial<NewRequest> = {}) =>
  world().record({ keyHash: keyNamed("key-0001").hash, model: MODEL, cost: "0.0123456", ...more });

afterEach(() => disconnectBroadcast(world()));

async function connected(options: Partial<Parameters<typeof connectBroadcast>[2]> = {}) {
  const { viewer } = await createPerson();
  const key = await createKey(viewer, { name: "Account", key: world().managementKey().plaintext });
  await settleRuns();
  const made = await connectBroadcast(viewer, world(), { origin: origin(), managementKeyId: key.id, ...options });
  const [destination] = made.destinations;
  if (!destination) throw new Error("The world has no workspace");
  return { viewer, ...made, destination };
}

type Sent = { method?: string; secret?: string | null; headers?: Record<string, string>; body?: BodyInit };

async function send(connection: { url: string; secret: string }, { secret, headers, ...rest }: Sent = {}) {
  const bearer = secret === undefined ? connection.secret : secret;
  const answer = await fetch(connection.url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(bearer && { authorization: `Bearer ${bearer}` }), ...headers },
    ...rest,
  });
  return { status: answer.status, type: answer.headers.get("content-type"), json: await answer.json() };
}

describe("a delivery of Broadcast", () => {
  test.each(["POST", "PUT"] as const)("by %s is kept as one request, however many spans it has", async (method) => {
    const { viewer } = await connected({ method });
    const request = spend({ latencyMs: 400, generationMs: 600 });
    expect(await openRouter().deliver(request)).toMatchObject([{ status: 200 }]);
    expect(await generationsOf(viewer)).toMatchObject([
      {
        generation_id: request.id,
        api_key_id: (await keyRow(viewer, request.keyHash)).id,
        api_key_name: "key-0001",
        model: MODEL,
        provider: request.provider,
        tokens_input: request.tokensPrompt,
        tokens_output: request.tokensCompletion,
        cost: "0.0123456",
        latency_ms: 1000,
        first_token_ms: 400,
        finish_reason: "stop",
        is_error: 0,
      },
    ]);
  });

  test("is counted at once, and once however often it comes", async () => {
    const { viewer } = await connected();
    const request = spend();
    await openRouter().deliver(request, { copies: 4 });
    await openRouter().deliver(request, { copies: 2 });
    expect(await generationsOf(viewer)).toHaveLength(1);
    expect(await booked(viewer)).toEqual(truth(world()));
  });

  test("is counted once when two connections of the team bring it", async () => {
    const { viewer } = await connected();
    await connectBroadcast(viewer, world(), { origin: origin() });
    expect(await openRouter().deliver(spend())).toHaveLength(2);
    expect(await generationsOf(viewer)).toHaveLength(1);
    expect(await booked(viewer)).toEqual(truth(world()));
  });

  test("is replaced by the next sync of its hour, never added to it", async () => {
    const { viewer } = await connected();
    for (const cost of ["0.5", "0.25"]) await openRouter().deliver(spend({ cost }));
    await syncNow(viewer);
    expect(await booked(viewer)).toEqual(truth(world()));
    await openRouter().deliver(spend({ cost: "0.125" }));
    expect(await booked(viewer)).toEqual(truth(world()));
    await syncNow(viewer);
    expect(await booked(viewer)).toEqual(truth(world()));
    expect(await sql()`select 1 from usage_hours where team_id = ${viewer.teamId} and source = 'broadcast'`).toEqual(
      [],
    );
  });

  test("that comes after the sync that already has it is shown and not counted again", async () => {
    const { viewer } = await connected();
    const request = spend();
    await syncNow(viewer);
    await openRouter().deliver(request);
    expect(await generationsOf(viewer)).toHaveLength(1);
    expect(await booked(viewer)).toEqual(truth(world()));
  });

  test("of a request that was aborted is kept as failed, without a cost, and books nothing", async () => {
    const { viewer } = await connected();
    const before = await booked(viewer);
    await openRouter().deliver(spend({ failed: true }));
    expect(await generationsOf(viewer)).toMatchObject([{ cost: null, is_error: 1, finish_reason: "error" }]);
    expect(await booked(viewer)).toEqual(before);
  });

  test("leaves nothing of prompts, answers and people in the database", async () => {
    const { viewer, connection } = await connected({ privacyMode: false });
    const request = spend({ user: "customer-4711", session: "session-0815" });
    await openRouter().deliver(request);
    const body = JSON.stringify(broadcastBody(request, { privacyMode: false }));
    const secret = body.replaceAll(/Hello/g, "Grandmother's recipe").replaceAll(request.id, `${request.id}-2`);
    expect(await send(connection, { body: secret })).toMatchObject({ status: 200, json: { accepted: 1 } });
    const rows = JSON.stringify(await generationsOf(viewer));
    expect(rows).toContain(`${request.id}-2`);
    for (const text of ["Grandmother", "Hello", "customer-4711", "session-0815", "user_"])
      expect(rows).not.toContain(text);
  });

  test("of a key that is switched off here is shown and not counted", async () => {
    const { viewer } = await connected();
    const { id } = await keyRow(viewer, keyNamed("key-0002").hash);
    await updateKey(viewer, { id, is_active: false });
    const before = await booked(viewer);
    await openRouter().deliver(spend({ keyHash: keyNamed("key-0002").hash }));
    expect(await generationsOf(viewer)).toHaveLength(1);
    expect(await booked(viewer)).toEqual(before);
  });

  test("names no key when two bear its name or none does, and keeps the name", async () => {
    const { viewer } = await connected();
    const [third, twin] = [keyNamed("key-0003"), world().createKey({ name: "twin" })];
    world().renameKey(third.hash, "twin");
    await syncNow(viewer);
    const before = await booked(viewer);
    await openRouter().deliver(spend({ keyHash: twin.hash }));
    await openRouter().deliver(spend({ keyHash: world().createKey({ name: "made a moment ago" }).hash }));
    expect(await generationsOf(viewer)).toMatchObject([
      { api_key_id: null, api_key_name: "twin" },
      { api_key_id: null, api_key_name: "made a moment ago" },
    ]);
    expect((await readLiveState(viewer)).unmatchedNames).toEqual(["made a moment ago", "twin"]);
    expect(await booked(viewer)).toEqual(before);
    await syncNow(viewer);
    expect(await booked(viewer)).toEqual(truth(world()));
    world().deleteKey(twin.hash);
    world().renameKey(third.hash, "key-0003");
  });
});

describe("a test of the connection", () => {
  test.each(["empty", "marker", "test-generation"] as const)("(%s) is answered, noted and no spend", async (kind) => {
    const { viewer, destination } = await connected();
    const before = await booked(viewer);
    expect(await openRouter().deliverTest(destination, kind, spend())).toMatchObject({ status: 200 });
    expect(await generationsOf(viewer)).toEqual([]);
    const { items } = await listConnections(viewer, { page: 1, limit: 10 });
    expect(items[0]).toMatchObject({ last_tested_at: expect.any(String), last_received_at: null });
    expect(await booked(viewer)).toEqual(before);
  });

  test.each([undefined, "", "{}", '{"resourceSpans":[]}'])("may be the body %j", async (body) => {
    const { connection } = await connected();
    const answer = await send(connection, body === undefined ? {} : { body });
    expect(answer).toMatchObject({ status: 200, json: { accepted: 0, duplicates: 0, test: true } });
  });
});

describe("what is refused", () => {
  test("a missing, wrong or foreign secret and an unknown connection, all alike", async () => {
    const { connection } = await connected();
    const other = await createConnection((await createPerson()).viewer, { name: "Bob's" }, origin());
    const body = JSON.stringify(broadcastBody(spend()));
    const secrets = [null, "orb_short", `orb_${"a".repeat(43)}`, other.secret];
    const answers = await Promise.all(secrets.map((secret) => send(connection, { secret, body })));
    answers.push(await send({ ...connection, url: connection.url.replace(/\d+$/, "999999") }, { body }));
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 401, type: "application/problem+json" });
      expect(answer.json.detail).toBe(answers[0]?.json.detail);
      expect(JSON.stringify(answer.json)).not.toContain(connection.secret);
    }
  });

  test("guessing, after thirty tries a minute; the right secret goes through all the same", async () => {
    const { connection } = await connected();
    await sql()`delete from rate_limits`;
    const wrong = Array.from({ length: 70 }, () => send(connection, { secret: `orb_${"b".repeat(43)}` }));
    const statuses = (await Promise.all(wrong)).map(({ status }) => status);
    // At least: a minute may end in between.
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(10);
    expect((await send(connection)).status).toBe(200);
    await sql()`delete from rate_limits`;
  });

  test("the secret of a deleted connection", async () => {
    const { viewer, connection } = await connected();
    await deleteConnection(viewer, connection);
    expect((await send(connection, { body: "{}" })).status).toBe(401);
  });

  test.each(["{", "[]", "null", '"text"', '{"resourceSpans":7}', '{"resourceSpans":[{"scopeSpans":[{"spans":{}}]}]}'])(
    "%s, which is no trace",
    async (body) => {
      const { connection } = await connected();
      expect(await send(connection, { body })).toMatchObject({ status: 400, type: "application/problem+json" });
    },
  );

  test("another type and another packing", async () => {
    const { connection } = await connected();
    for (const [name, value] of [
      ["content-type", "application/x-protobuf"],
      ["content-encoding", "br"],
    ] as const) {
      expect((await send(connection, { headers: { [name]: value }, body: "{}" })).status).toBe(415);
    }
  });

  test("bodies beyond 20 MB, announced or not, packed or not", async () => {
    const { viewer, connection } = await connected();
    const large = JSON.stringify({ resourceSpans: [], padding: "x".repeat(MAX_BODY_BYTES) });
    expect((await send(connection, { body: large })).status).toBe(413);
    const stream = new Blob([large]).stream();
    const unannounced = { body: stream, duplex: "half" } as unknown as Sent;
    expect((await send(connection, unannounced)).status).toBe(413);
    const packed = new Blob([gzipSync(large)]);
    expect(packed.size).toBeLessThan(100_000);
    expect((await send(connection, { body: packed, headers: { "content-encoding": "gzip" } })).status).toBe(413);
    expect((await send(connection, { body: "no gzip", headers: { "content-encoding": "gzip" } })).status).toBe(400);
    expect(await generationsOf(viewer)).toEqual([]);
  });

  test("nothing of many large bodies at once, packed ones too: they take turns", async () => {
    const { viewer, connection } = await connected();
    const bodies = Array.from({ length: 6 }, () => {
      const padding = { key: "gen_ai.prompt", value: { stringValue: "x".repeat(12 * 1024 * 1024) } };
      const body = broadcastBody(spend());
      body.resourceSpans[0]?.scopeSpans[0]?.spans[0]?.attributes.push(padding);
      return JSON.stringify(body);
    });
    const answers = await Promise.all(
      bodies.map((body, index) =>
        index % 2 === 0
          ? send(connection, { body })
          : send(connection, { body: new Blob([gzipSync(body)]), headers: { "content-encoding": "gzip" } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200));
    expect(await generationsOf(viewer)).toHaveLength(6);
    expect(await booked(viewer)).toEqual(truth(world()));
  });
});

describe("what the wire does", () => {
  const rootOf = (body: ReturnType<typeof broadcastBody>) => {
    const span = body.resourceSpans[0]?.scopeSpans[0]?.spans[0];
    if (!span) throw new Error("A delivery has a root span");
    return span;
  };

  test("numbers come as text or of the other kind, fields are missing, odd spans stand beside good ones", async () => {
    const { viewer, connection } = await connected();
    const request = spend({ cost: "0.5" });
    const body = JSON.parse(
      JSON.stringify(broadcastBody(request))
        .replaceAll(/"intValue":(\d+)/g, '"intValue":"$1"')
        .replace('"doubleValue":0.5', '"stringValue":"0.5"'),
    );
    rootOf(body).attributes.push(7 as never, { key: "gen_ai.usage.output_tokens" } as never);
    body.resourceSpans[1].scopeSpans[0].spans.push(null, 5, { name: "LLM Generation" });
    expect(await send(connection, { body: JSON.stringify(body) })).toMatchObject({ json: { accepted: 1 } });
    expect(await generationsOf(viewer)).toMatchObject([{ cost: "0.5", tokens_input: request.tokensPrompt }]);
  });

  test("a whole cost comes as intValue, and a span without a generation id is known by its trace and span", async () => {
    const { viewer, connection } = await connected();
    const body = broadcastBody(spend({ cost: "2" }));
    const root = rootOf(body);
    root.attributes = root.attributes
      .filter(({ key }) => key !== "gen_ai.response.id")
      .map((attribute) =>
        attribute.key === "gen_ai.usage.total_cost" ? { ...attribute, value: { intValue: 2 } } : attribute,
      );
    for (const accepted of [1, 0]) {
      expect(await send(connection, { body: JSON.stringify(body) })).toMatchObject({ json: { accepted } });
    }
    expect(await generationsOf(viewer)).toMatchObject([{ generation_id: `${root.traceId}/${root.spanId}`, cost: "2" }]);
  });

  test("several requests come in one body, the same one twice among them", async () => {
    const { viewer, connection } = await connected();
    const bodies = ["0.1", "0.2", "0.3"].map((cost) => broadcastBody(spend({ cost })));
    const [first] = bodies;
    if (first) bodies.push(first);
    const body = JSON.stringify({ resourceSpans: bodies.flatMap((each) => each.resourceSpans) });
    expect(await send(connection, { body })).toMatchObject({ json: { accepted: 3, duplicates: 1 } });
    expect(await booked(viewer)).toEqual(truth(world()));
  });

  test("a delivery of many is counted once, though some came before, some come twice and it comes twice at once", async () => {
    const { viewer, connection } = await connected();
    const requests = Array.from({ length: 80 }, (_, index) =>
      spend({ keyHash: keyNamed(`key-000${(index % 3) + 1}`).hash, cost: "0.001" }),
    );
    const bodyOf = (some: typeof requests) =>
      JSON.stringify({ resourceSpans: some.flatMap((request) => broadcastBody(request).resourceSpans) });
    const body = bodyOf(requests.slice(10, 70));
    const answers = await Promise.all([send(connection, { body }), send(connection, { body })]);
    expect(answers.map(({ json }) => json.accepted).sort()).toEqual([0, 60]);
    const again = bodyOf([...requests, ...requests.slice(0, 20)]);
    expect(await send(connection, { body: again })).toMatchObject({ json: { accepted: 20, duplicates: 80 } });
    const kept = await generationsOf(viewer);
    expect(kept.map((row) => row.generation_id).sort()).toEqual(requests.map((request) => request.id).sort());
    expect(new Set(kept.map((row) => row.api_key_id)).size).toBe(3);
    expect(await booked(viewer)).toEqual(truth(world()));
  });

  test("many deliveries at once, each of them twice, are each counted once", async () => {
    const { viewer } = await connected();
    const requests = Array.from({ length: 30 }, (_, index) =>
      spend({ keyHash: keyNamed(`key-000${(index % 3) + 1}`).hash, cost: "0.001" }),
    );
    await Promise.all(requests.map((request) => openRouter().deliver(request, { copies: 2 })));
    expect(await generationsOf(viewer)).toHaveLength(30);
    expect(await booked(viewer)).toEqual(truth(world()));
  });
});

describe("the live list", () => {
  test("has the newest arrival first, for one key or all, and from a moment on", async () => {
    const { viewer } = await connected();
    const requests = [spend(), spend({ keyHash: keyNamed("key-0002").hash }), spend()];
    for (const request of requests) await openRouter().deliver(request);
    const all = await listRecentRequests(viewer, {});
    expect(all.map((row) => row.key_name)).toEqual(["key-0001", "key-0002", "key-0001"]);
    expect(all[0]).toMatchObject({ model: MODEL, cost: 0.0123456, is_error: false });
    const { id } = await keyRow(viewer, keyNamed("key-0002").hash);
    expect(await listRecentRequests(viewer, { key_id: id })).toHaveLength(1);
    await sql()`update generations set received_at = now() - interval '1 minute' where id = ${all[2]?.id ?? 0}`;
    expect(await listRecentRequests(viewer, { since: all[1]?.received_at })).toHaveLength(2);
  });

  test("shows nothing of Ann's to Bob, who cannot delete her connection either", async () => {
    const { connection } = await connected();
    await openRouter().deliver(spend());
    const { viewer: bob } = await createPerson();
    expect(await listRecentRequests(bob, {})).toEqual([]);
    expect((await listConnections(bob, { page: 1, limit: 10 })).items).toEqual([]);
    await expect(deleteConnection(bob, connection)).rejects.toMatchObject({ code: "forbidden" });
    await expect(deleteConnection(bob, { id: 999_999 })).rejects.toMatchObject({ code: "not_found" });
  });
});
