import { z } from "zod";
import { isDecimal } from "@/lib/base/money";
import { wellFormed } from "@/lib/base/text";
import { DAY_MS } from "@/lib/base/time";
import { Attributes } from "./attributes";

/** Nanoseconds since 1970: text, or a number, which holds them to the microsecond. Null for what is no time. */
const Nanoseconds = z
  .union([
    z
      .string()
      .trim()
      .regex(/^\d{1,20}$/),
    z.number().nonnegative().transform(Math.round),
    z.string().refine(isDecimal).transform(Number).pipe(z.number().nonnegative()).transform(Math.round),
  ])
  .transform(BigInt)
  .nullable()
  .catch(null);

const Id = z.string().max(64).transform(wellFormed).catch("");

/** A span as far as it can be read: whatever is not of its kind is absent. */
export const Span = z.object({
  traceId: Id,
  spanId: Id,
  name: z.string().catch(""),
  startTimeUnixNano: Nanoseconds,
  endTimeUnixNano: Nanoseconds,
  status: z.object({ code: z.unknown() }).nullish().catch(null),
  attributes: z.array(z.unknown()).catch([]),
});
export type Span = z.output<typeof Span>;

/** One request as Broadcast tells it. Prompts, answers and people's ids are not read at all. USD; null = not told. */
export type Generation = {
  generation_id: string;
  started_at: string;
  api_key_name: string | null;
  model: string | null;
  provider: string | null;
  tokens_input: number | null;
  tokens_output: number | null;
  tokens_reasoning: number | null;
  tokens_cached: number | null;
  cost: string | null;
  latency_ms: number | null;
  first_token_ms: number | null;
  finish_reason: string | null;
  is_error: 0 | 1;
};

const OPENROUTER = "trace.metadata.openrouter";
const USAGE = "gen_ai.usage";
const COST = `${USAGE}.total_cost`;
const OLDEST = Date.parse("2020-01-01T00:00:00Z");

/**
 * The request that a root span stands for; `other` for its children (`span.type` is `span`) and for what has neither a cost nor an error: an aborted request is a root
 * span with an error and without a cost. A span without a time is unreadable, and so is a request without an id; one that tells its end alone is booked there. The
 * names are those of real deliveries of 2026; `prompt_tokens` and `completion_tokens` are the documentation's.
 */
export function readGeneration(span: Span): Generation | "other" | "unreadable" {
  const attributes = new Attributes(span.attributes);
  const isError = attributes.text("span.level") === "ERROR" || isErrorCode(span.status?.code);
  const cost = attributes.decimal(COST);
  const started = millisecondsOf(span.startTimeUnixNano) ?? millisecondsOf(span.endTimeUnixNano);
  const id = attributes.text("gen_ai.response.id") ?? (span.spanId && `${span.traceId}/${span.spanId}`);
  if (started === null) return "unreadable";
  if (attributes.text("span.type") !== "generation" || (cost === null && !isError)) return "other";
  if (!id) return "unreadable";
  return {
    generation_id: id,
    started_at: new Date(started).toISOString(),
    api_key_name: attributes.text(`${OPENROUTER}.api_key_name`),
    model: attributes.text("gen_ai.response.model", "gen_ai.request.model"),
    // gen_ai.provider.name is the model's author, not who served it.
    provider: attributes.text(`${OPENROUTER}.provider_name`),
    tokens_input: attributes.count(`${USAGE}.input_tokens`, `${USAGE}.prompt_tokens`),
    tokens_output: attributes.count(`${USAGE}.output_tokens`, `${USAGE}.completion_tokens`),
    tokens_reasoning: attributes.count(`${USAGE}.output_tokens.reasoning`),
    tokens_cached: attributes.count(`${USAGE}.input_tokens.cached`),
    cost,
    latency_ms: latencyOf(span),
    first_token_ms: rounded(attributes.decimal(`${OPENROUTER}.first_token_ms`)),
    finish_reason: attributes.text("gen_ai.response.finish_reason", `${OPENROUTER}.finish_reason`),
    is_error: isError ? 1 : 0,
  };
}

/** OTLP's status 2 is an error; JSON may name it. */
const isErrorCode = (code: unknown): boolean => code === 2 || code === "2" || code === "STATUS_CODE_ERROR";

/** Milliseconds since 1970; null for a time that no request can have begun at. */
function millisecondsOf(nanoseconds: bigint | null): number | null {
  if (nanoseconds === null) return null;
  const time = Number(nanoseconds / 1_000_000n);
  return time >= OLDEST && time < Date.now() + DAY_MS ? time : null;
}

function latencyOf({ startTimeUnixNano: start, endTimeUnixNano: end }: Span): number | null {
  return start !== null && end !== null ? inRange(Number((end - start) / 1_000_000n)) : null;
}

const rounded = (text: string | null): number | null => (text === null ? null : inRange(Math.round(Number(text))));

/** A column of 32 bits: 24 days of waiting are no latency. */
const inRange = (value: number): number | null => (value >= 0 && value <= 2_147_483_647 ? value : null);
