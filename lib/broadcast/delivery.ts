import { type Generation, readGeneration, Span } from "./generation";

/** The connection test's marker, and what «Send Trace» on OpenRouter's page sends: a root span with figures that nobody spent. */
const TESTS = new Set(["openrouter-connection-test", "Test Generation"]);

export type ReadDelivery = {
  generations: Generation[];
  /** The body is one of OpenRouter's tests: empty, or with a test's span. */
  isTest: boolean;
  /** Lists, spans and requests that could not be read. */
  unreadable: number;
  /** Whether anything at all could be read: a request, a child of one, a test, or an empty trace. */
  isReadable: boolean;
};

/**
 * The requests that a delivery in OTLP/JSON tells of. Children and tests are none; what cannot be read does not cost the rest. `json` undefined = an empty body, which is
 * a test like a trace without spans.
 */
export function readDelivery(json: unknown): ReadDelivery {
  const { spans, unreadable: lists } = spansOf(json === undefined ? {} : json);
  const readings = spans.map(readSpan);
  const read = readings.filter((reading) => reading !== "unreadable");
  const unreadable = lists + readings.length - read.length;
  return {
    generations: read.filter((reading) => typeof reading === "object"),
    isTest: read.includes("test") || (spans.length === 0 && unreadable === 0),
    unreadable,
    isReadable: read.length > 0 || unreadable === 0,
  };
}

/**
 * The spans of a trace, each in a scope of a resource. A list that is missing or null is an empty one; one of another kind is unreadable, and so is a body
 * that has something to say but no `resourceSpans`.
 */
function spansOf(json: unknown): { spans: unknown[]; unreadable: number } {
  let unreadable = isForeign(json) ? 1 : 0;
  let level = [json];
  for (const name of ["resourceSpans", "scopeSpans", "spans"]) {
    level = level.flatMap((parent) => {
      if (typeof parent !== "object" || parent === null || Array.isArray(parent)) {
        unreadable++;
        return [];
      }
      const list = (parent as Record<string, unknown>)[name] ?? [];
      if (Array.isArray(list)) return list as unknown[];
      unreadable++;
      return [];
    });
  }
  return { spans: level, unreadable };
}

const isForeign = (json: unknown): boolean =>
  typeof json === "object" && json !== null && Object.keys(json).length > 0 && !("resourceSpans" in json);

function readSpan(raw: unknown): Generation | "test" | "other" | "unreadable" {
  const { data: span } = Span.safeParse(raw);
  if (!span) return "unreadable";
  return TESTS.has(span.name) ? "test" : readGeneration(span);
}
