import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Viewer } from "@/lib/access/viewer";
import { listConnections } from "@/lib/broadcast/connections";
import { broadcastBody } from "@/simulator/broadcast";
import type { SimulatedRequest } from "@/simulator/world/requests";
import { booked, truth } from "./support/books";
import { generationsOf } from "./support/broadcast";
import { send, simulateBroadcast } from "./support/broadcast-account";

const { world, spend, connected } = simulateBroadcast();

const noted = async (viewer: Viewer) => (await listConnections(viewer, { page: 1, limit: 10 })).items[0];
const rootOf = (request: SimulatedRequest): Record<string, unknown> => {
  const span = broadcastBody(request).resourceSpans[0]?.scopeSpans[0]?.spans[0];
  if (!span) throw new Error("A delivery has a root span");
  return { ...span };
};
const inTrace = (...spans: unknown[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
/** JSON as it stands on the wire: a number of nanoseconds has more digits than JavaScript would write. */
const withNumbers = (body: unknown) =>
  JSON.stringify(body).replaceAll(/"(startTimeUnixNano|endTimeUnixNano)":"(\d+)"/g, '"$1":$2');
const attribute = (span: Record<string, unknown>, key: string, value: unknown) => ({
  ...span,
  attributes: (span.attributes as { key: string }[]).map((each) => (each.key === key ? { key, value } : each)),
});

/** Bodies as OpenRouter has not sent them so far, each with one good request that costs half a dollar. */
const ODD: Record<string, (span: Record<string, unknown>) => string> = {
  "times are JSON numbers": (span) => withNumbers(inTrace(span)),
  "times are text of a number with an exponent": (span) =>
    JSON.stringify(
      inTrace({ ...span, startTimeUnixNano: Number(span.startTimeUnixNano).toExponential(), endTimeUnixNano: "x" }),
    ),
  "it tells its end alone": (span) => JSON.stringify(inTrace({ ...span, startTimeUnixNano: null })),
  "spans are null beside it": (span) =>
    JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: null }, { spans: [span] }] }] }),
  "scopes are null beside it": (span) =>
    JSON.stringify({ resourceSpans: [{ scopeSpans: null }, {}, ...inTrace(span).resourceSpans] }),
  "resources are null and text beside it": (span) =>
    JSON.stringify({ resourceSpans: [null, "x", ...inTrace(span).resourceSpans, []] }),
  "lists are of another kind beside it": (span) =>
    JSON.stringify({ resourceSpans: [{ scopeSpans: 7 }, { scopeSpans: [{ spans: {} }, { spans: [span] }] }] }),
  "spans are no objects beside it": (span) => JSON.stringify(inTrace(null, 7, "x", [], [span], {}, span)),
  "attributes of another span are null": (span) =>
    JSON.stringify(inTrace({ ...span, spanId: "other", attributes: null }, span)),
  "other attributes are no attributes": (span) =>
    JSON.stringify(
      inTrace({ ...span, attributes: [null, 7, { key: 1 }, { key: "a", value: null }, ...(span.attributes as [])] }),
    ),
  "its cost is text of a double": (span) =>
    JSON.stringify(inTrace(attribute(span, "gen_ai.usage.total_cost", { doubleValue: "0.50" }))),
  "its cost stands beside a double that is null": (span) =>
    JSON.stringify(
      inTrace(attribute(span, "gen_ai.usage.total_cost", { doubleValue: null, intValue: {}, stringValue: " 5e-1 " })),
    ),
  "its ids, name and status are of another kind": (span) =>
    JSON.stringify(inTrace({ ...span, traceId: 7, spanId: null, name: {}, status: "fine" })),
};

describe("a good request is booked, once", () => {
  test.each(Object.entries(ODD))("when %s", async (_, bodyOf) => {
    const { viewer, connection } = await connected();
    const request = spend({ cost: "0.5" });
    const body = bodyOf(rootOf(request));
    expect(await send(connection, { body })).toMatchObject({ status: 200, json: { accepted: 1, test: false } });
    expect(await send(connection, { body })).toMatchObject({ status: 200, json: { accepted: 0, duplicates: 1 } });
    const [kept] = await generationsOf(viewer);
    expect(kept).toMatchObject({ generation_id: request.id, cost: expect.stringMatching(/^0\.50?$/) });
    expect(Math.abs(Date.parse(kept?.started_at) - request.at.getTime())).toBeLessThan(60_000);
    expect(await booked(viewer)).toEqual(truth(world()));
    expect(await noted(viewer)).toMatchObject({ last_tested_at: null, last_received_at: expect.any(String) });
  });

  /** Where junk may stand: beside resources, scopes, spans or attributes, before or after the good ones. */
  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(null, {}, [], { scopeSpans: null }, { spans: 7 }, { spans: [null] }, { key: "span.type" }),
  );
  const around = fc.array(fc.tuple(fc.constantFrom("resources", "scopes", "spans", "attributes"), junk, fc.boolean()), {
    maxLength: 6,
  });

  test("whatever stands around it", async () => {
    const { viewer, connection } = await connected();
    await fc.assert(
      fc.asyncProperty(around, fc.integer({ min: 1, max: 3 }), fc.boolean(), async (pieces, count, asNumbers) => {
        const requests = Array.from({ length: count }, () => spend({ cost: "0.001" }));
        const beside = (place: string, good: unknown[]) => {
          const junkAt = (isFirst: boolean) =>
            pieces.filter(([where, , first]) => where === place && first === isFirst).map(([, piece]) => piece);
          return [...junkAt(true), ...good, ...junkAt(false)];
        };
        const spans = requests
          .map(rootOf)
          .map((span) => ({ ...span, attributes: beside("attributes", span.attributes as unknown[]) }));
        const trace = {
          resourceSpans: beside("resources", [{ scopeSpans: beside("scopes", [{ spans: beside("spans", spans) }]) }]),
        };
        const answer = await send(connection, { body: asNumbers ? withNumbers(trace) : JSON.stringify(trace) });
        expect(answer).toMatchObject({ status: 200, json: { accepted: count, duplicates: 0, test: false } });
        expect(await booked(viewer)).toEqual(truth(world()));
      }),
      { numRuns: 60 },
    );
  });
});

describe("of a delivery that cannot be read", () => {
  const unreadable = [
    "null",
    "[]",
    "7",
    '"text"',
    '{"resourceLogs":[]}',
    '{"resourceSpans":7}',
    '{"resourceSpans":[null]}',
    '{"resourceSpans":[{"scopeSpans":{}}]}',
    '{"resourceSpans":[{"scopeSpans":[{"spans":[null,7,{}]}]}]}',
    '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"LLM Generation","startTimeUnixNano":"soon"}]}]}]}',
  ];

  test.each(unreadable)("%s is refused in words, and is no passed test", async (body) => {
    const { viewer, connection } = await connected();
    expect(await send(connection, { body })).toMatchObject({
      status: 400,
      json: { detail: "Nothing in the body could be read as a trace in OTLP/JSON" },
    });
    expect(await noted(viewer)).toMatchObject({
      last_tested_at: null,
      last_received_at: null,
      last_unreadable_at: expect.any(String),
    });
  });

  test("a part is told and noted beside what was read", async () => {
    const { viewer, connection } = await connected();
    const good = rootOf(spend());
    await send(connection, { body: JSON.stringify(inTrace(good)) });
    expect(await noted(viewer)).toMatchObject({ last_unreadable_at: null });
    const timeless = { ...rootOf(spend({ cost: "9" })), startTimeUnixNano: "soon", endTimeUnixNano: {} };
    expect(await send(connection, { body: JSON.stringify(inTrace(timeless, good, null)) })).toMatchObject({
      status: 200,
      json: { accepted: 0, duplicates: 1, unreadable: 2, test: false },
    });
    expect(await noted(viewer)).toMatchObject({ last_tested_at: null, last_unreadable_at: expect.any(String) });
  });

  test("nothing is a fault of ours, is booked, or passes for a test unless it is an empty trace", async () => {
    const { viewer, connection } = await connected();
    const before = await booked(viewer);
    const level = (inner: fc.Arbitrary<unknown>, name: string) =>
      fc.oneof(
        { weight: 3, arbitrary: fc.array(inner, { maxLength: 3 }).map((list) => ({ [name]: list })) },
        { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
      );
    const span = fc.record(
      {
        name: fc.jsonValue({ maxDepth: 1 }),
        startTimeUnixNano: fc.oneof(
          fc.jsonValue({ maxDepth: 1 }),
          fc.constantFrom("1", 1e300, -1, "9".repeat(20), 1.8e18),
        ),
        attributes: fc.oneof(
          fc.jsonValue({ maxDepth: 2 }),
          fc.constant([{ key: "span.type", value: { stringValue: "generation" } }]),
        ),
      },
      { requiredKeys: [] },
    );
    const body = level(
      level(level(fc.oneof(span, fc.jsonValue({ maxDepth: 2 })), "spans"), "scopeSpans"),
      "resourceSpans",
    );
    await fc.assert(
      fc.asyncProperty(body, async (json) => {
        const { status, json: receipt } = await send(connection, { body: JSON.stringify(json) });
        expect([200, 400]).toContain(status);
        if (status === 200) expect(receipt.accepted).toBe(0);
        if (receipt.test) expect(JSON.stringify(json)).not.toMatch(/"spans":\[[^\]]/);
      }),
      { numRuns: 300 },
    );
    expect(await generationsOf(viewer)).toEqual([]);
    expect(await booked(viewer)).toEqual(before);
  }, 60_000);
});
