import { describe, expect, test } from "vitest";
import { broadcastBody } from "@/simulator/broadcast";
import { booked, truth } from "./support/books";
import { generationsOf } from "./support/broadcast";
import { send, simulateBroadcast } from "./support/broadcast-account";

const { openRouter, world, keyNamed, spend, connected } = simulateBroadcast();

describe("on the wire of Broadcast", () => {
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
