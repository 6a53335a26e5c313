import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { broadcastBody } from "../simulator/broadcast";
import { createWorld } from "../simulator/world/world";
import { call, HAIKU, type Json, now, withSimulator } from "./simulator-calls";

describe("Broadcast", () => {
  const path = "/observability/destinations";
  const webhook = (url: string) => ({
    type: "webhook",
    name: "Monitor",
    config: { url, method: "PUT", headers: { Authorization: "Bearer abcdefwxyz" } },
  });

  test("builds one root span with the totals and two children", () => {
    const world = createWorld({ keys: 1, days: 0, now });
    const request = world.record({
      keyHash: world.keyNamed("key-0001").hash,
      model: HAIKU,
      provider: "Anthropic",
      cost: "0.005334",
    });
    const spans = world.broadcast(request).resourceSpans.map((entry) => entry.scopeSpans[0]?.spans[0]);
    expect(spans.map((span) => span?.name)).toEqual(["LLM Generation", "provider attempt 1: Anthropic", "generation"]);
    const root = Object.fromEntries(spans[0]?.attributes.map(({ key, value }) => [key, value]) ?? []);
    expect(root["gen_ai.usage.total_cost"]).toEqual({ doubleValue: 0.005334 });
    expect(root["gen_ai.usage.input_tokens"]).toEqual({ intValue: request.tokensPrompt });
    expect(root["trace.metadata.openrouter.api_key_name"]).toEqual({ stringValue: "key-0001" });
    expect(root).not.toHaveProperty("gen_ai.prompt");
    expect(root["trace.metadata.openrouter.entity_id"]).toEqual({ stringValue: world.account().userId });
    const failed = world.record({ keyHash: request.keyHash, model: HAIKU, failed: true });
    expect(JSON.stringify(broadcastBody(failed))).not.toContain("total_cost");
    expect(world.ledger().requests).toBe(1);
  });

  test("destinations mask their secrets and number at most five of a type", () =>
    withSimulator({ world: { keys: 1, days: 0, now } }, async (own) => {
      const key = own.world.managementKey().plaintext;
      const created = await call(own, path, key, "POST", webhook("http://127.0.0.1:9/"));
      expect(created.status).toBe(201);
      expect(created.json.data.config).toMatchObject({ headers: { Authorization: "Bear...wxyz" } });
      const one = `${path}/${created.json.data.id}`;
      await call(own, one, key, "PATCH", { name: "Renamed", config: created.json.data.config });
      expect(own.world.destinations.all()[0]?.config).toMatchObject({
        headers: { Authorization: "Bearer abcdefwxyz" },
      });
      for (let index = 0; index < 4; index += 1) await call(own, path, key, "POST", webhook("http://127.0.0.1:9/"));
      expect((await call(own, path, key, "POST", webhook("http://127.0.0.1:9/"))).status).toBe(409);
      expect((await call(own, one, key, "DELETE")).json).toEqual({ deleted: true });
      expect((await call(own, path, key)).json.total_count).toBe(4);
    }));

  test("delivers with the destination's method and header, to who asked for that key", async () => {
    const received: { method?: string; authorization?: string; body: Json }[] = [];
    const receiver = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      received.push({ method: request.method, authorization: request.headers.authorization, body: JSON.parse(text) });
      response.end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const address = receiver.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/hook`;
    try {
      await withSimulator({ world: { keys: 2, days: 0, now } }, async (own) => {
        const [first, second] = [own.world.keyNamed("key-0001"), own.world.keyNamed("key-0002")];
        await call(own, path, own.world.managementKey().plaintext, "POST", {
          ...webhook(url),
          api_key_hashes: [first.hash],
        });
        const [destination] = own.world.destinations.all();
        const request = own.world.record({ keyHash: first.hash, model: HAIKU });
        expect(await own.deliver(request, { copies: 2 })).toEqual(
          [1, 2].map(() => ({ destinationId: destination?.id, status: 200 })),
        );
        expect(await own.deliver(own.world.record({ keyHash: second.hash, model: HAIKU }))).toEqual([]);
        expect(received.map(({ method, authorization }) => [method, authorization])).toEqual(
          [1, 2].map(() => ["PUT", "Bearer abcdefwxyz"]),
        );
        expect(received[0]?.body).toEqual(received[1]?.body);
        if (!destination) throw new Error("The destination is gone");
        for (const kind of ["empty", "marker", "test-generation"] as const)
          await own.deliverTest(destination, kind, request);
        expect(received[2]?.body).toEqual({});
        expect(JSON.stringify(received[3]?.body)).toContain("openrouter-connection-test");
        expect(JSON.stringify(received[4]?.body)).toContain("Test Generation");

        const recorded = new Promise((resolve) => {
          own.startLiveTraffic({ perMinute: 6_000_000, onRequest: resolve });
        });
        await recorded;
        expect(own.world.ledger().requests).toBeGreaterThan(2);
      });
    } finally {
      receiver.closeAllConnections();
      receiver.close();
    }
  });
});
