import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { createConnection, deleteConnection } from "@/lib/broadcast/connections";
import { MAX_BODY_BYTES } from "@/lib/broadcast/read-body";
import { broadcastBody } from "@/simulator/broadcast";
import { booked, truth } from "./support/books";
import { generationsOf } from "./support/broadcast";
import { type Sent, send, simulateBroadcast } from "./support/broadcast-account";
import { createPerson } from "./support/world";

const { origin, world, spend, connected } = simulateBroadcast();

describe("of what comes to a connection is refused", () => {
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
