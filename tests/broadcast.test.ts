import { describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { deleteConnection, listConnections } from "@/lib/broadcast/connections";
import { listRecentRequests, readLiveState } from "@/lib/broadcast/recent";
import { updateKey } from "@/lib/keys/keys";
import { broadcastBody } from "@/simulator/broadcast";
import { booked, keyRow, syncNow, truth } from "./support/books";
import { connectBroadcast, generationsOf } from "./support/broadcast";
import { MODEL, send, simulateBroadcast } from "./support/broadcast-account";
import { createPerson } from "./support/world";

const { openRouter, origin, world, keyNamed, spend, connected } = simulateBroadcast();

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
