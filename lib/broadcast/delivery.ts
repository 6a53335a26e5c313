import { z } from "zod";
import { AppError } from "@/lib/errors";
import { type Generation, readGeneration, Span } from "./generation";

/** OTLP/JSON as OpenRouter's Broadcast sends it. One request comes as a root span and its children, each in a resource of its own. */
const Delivery = z.object({
  resourceSpans: z
    .array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(z.unknown()).default([]) })).default([]) }))
    .default([]),
});

/** The connection test's marker, and what «Send Trace» on OpenRouter's page sends: a root span with figures that nobody spent. */
const TESTS = new Set(["openrouter-connection-test", "Test Generation"]);

export type ReadDelivery = {
  generations: Generation[];
  /** The body is one of OpenRouter's tests: empty, or with a test's span. */
  isTest: boolean;
};

/**
 * The requests that a delivery tells of. Children and tests are none; a span that cannot be read does not cost the others. Throws 400 when the body is no trace
 * at all. `json` undefined = an empty body.
 */
export function readDelivery(json: unknown): ReadDelivery {
  const result = Delivery.safeParse(json === undefined ? {} : json);
  if (!result.success) throw new AppError("bad_request", "The body is not a trace in OTLP/JSON");
  const spans = result.data.resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap((scope) => scope.spans)
    .flatMap((span) => Span.safeParse(span).data ?? []);
  const real = spans.filter((span) => !TESTS.has(span.name));
  return {
    generations: real.flatMap((span) => readGeneration(span) ?? []),
    isTest: real.length < spans.length || spans.length === 0,
  };
}
