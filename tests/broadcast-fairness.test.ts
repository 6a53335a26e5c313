import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createConnection } from "@/lib/broadcast/connections";
import { broadcastBody } from "@/simulator/broadcast";
import { generationsOf } from "./support/broadcast";
import { send, simulateBroadcast } from "./support/broadcast-account";
import { beginBody, letTimePass } from "./support/slow-body";
import { createPerson } from "./support/world";

const { origin, spend } = simulateBroadcast();
afterEach(() => vi.useRealTimers());

/** Large enough to need a place among the bodies that are held at once. */
const PADDING = "x".repeat(600 * 1024);

async function newConnection() {
  const { viewer } = await createPerson();
  return { viewer, connection: await createConnection(viewer, { name: "Live" }, origin()) };
}

type Connection = { url: string; secret: string };

/** A delivery that begins so and then does not come on. */
function beginDelivery(connection: Connection, start: string) {
  const authorization = `Bearer ${connection.secret}`;
  return beginBody(connection.url, start, { "content-type": "application/json", authorization });
}

function largeDelivery(): string {
  const body = broadcastBody(spend());
  body.resourceSpans[0]?.scopeSpans[0]?.spans[0]?.attributes.push({
    key: "gen_ai.prompt",
    value: { stringValue: PADDING },
  });
  return JSON.stringify(body);
}

describe("Slow deliveries of one team", () => {
  test("keep no other team's waiting, end with 408, and then its own go on", async () => {
    const [ann, bob] = [await newConnection(), await newConnection()];
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    const slow = Array.from({ length: 4 }, () => beginDelivery(ann.connection, `["${PADDING}`));
    // One of them has its place when another of hers, which is whole, gets none.
    const waiting = send(ann.connection, { body: largeDelivery() });
    const headers = { "content-encoding": "gzip" };
    for (let time = 0; time < 3; time++) {
      // Packed, its size is not known beforehand, so that it needs the place of the largest.
      const body = new Blob([gzipSync(largeDelivery())]);
      expect(await send(bob.connection, { body, headers })).toMatchObject({ status: 200, json: { accepted: 1 } });
    }
    expect(await generationsOf(ann.viewer)).toEqual([]);
    const answers = await letTimePass(Promise.all(slow.map(({ answer }) => answer)));
    expect(answers.map(({ status }) => status).toSorted()).toContain(408);
    for (const { status } of answers) expect([408, 503]).toContain(status);
    expect([200, 503]).toContain((await letTimePass(waiting)).status);
    for (const { sending } of slow) sending.destroy();
    expect((await send(ann.connection, { body: largeDelivery() })).status).toBe(200);
  });

  test("end even where each holds almost nothing", async () => {
    const { connection } = await newConnection();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    const { sending, answer } = beginDelivery(connection, "{");
    expect(await letTimePass(answer)).toMatchObject({ status: 408 });
    sending.destroy();
  });
});
