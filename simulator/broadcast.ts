import { sha256 } from "./digest";
import { findEndpoint } from "./models";
import { unitsToNumber } from "./money";
import type { SimulatedRequest } from "./world/requests";

/** OTLP/JSON as OpenRouter sends it: whole numbers as JSON numbers, times as text of nanoseconds. */
export type AttributeValue =
  | { stringValue: string }
  | { intValue: number }
  | { doubleValue: number }
  | { boolValue: boolean };
export interface Attribute {
  key: string;
  value: AttributeValue;
}
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status: { code: number; message?: string };
  attributes: Attribute[];
}
export interface BroadcastBody {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { scope: { name: string }; spans: Span[] }[] }[];
}

/** What the destination asked for beyond the default attributes. */
export interface BroadcastOptions {
  /** Strips prompts and answers. Default true. */
  privacyMode?: boolean;
  /** Adds the "Cost" group. Default false. */
  generationCost?: boolean;
  /** Creator of the account, `user_…`. */
  userId?: string;
}

const text = (key: string, value: string): Attribute => ({ key, value: { stringValue: value } });
const whole = (key: string, value: number): Attribute => ({ key, value: { intValue: value } });
const real = (key: string, value: number): Attribute => ({ key, value: { doubleValue: value } });
const flag = (key: string, value: boolean): Attribute => ({ key, value: { boolValue: value } });

const nanoseconds = (at: Date, plusMs = 0) => `${BigInt(at.getTime() + plusMs) * 1_000_000n}`;

function resourceSpan(generationId: string | null, span: Span): BroadcastBody["resourceSpans"][number] {
  const trace =
    generationId === null ? [] : [text("openrouter.trace.id", generationId), text("service.version", "1.0.0")];
  return {
    resource: { attributes: [text("service.name", "openrouter"), ...trace] },
    scopeSpans: [{ scope: { name: "openrouter" }, spans: [span] }],
  };
}

/** The delivery of one finished request: the root span with its totals and two children, each in its own resource. */
export function broadcastBody(request: SimulatedRequest, options: BroadcastOptions = {}): BroadcastBody {
  const traceId = sha256(request.id).slice(0, 32);
  const rootId = sha256(request.id).slice(0, 16);
  const middle = Math.round(request.latencyMs * 0.7);
  const end = request.latencyMs + request.generationMs;
  const child = (suffix: string, name: string, from: number, to: number, attributes: Attribute[]): Span => ({
    traceId,
    spanId: sha256(`${request.id}:${suffix}`).slice(0, 16),
    parentSpanId: rootId,
    name,
    kind: 2,
    startTimeUnixNano: nanoseconds(request.at, from),
    endTimeUnixNano: nanoseconds(request.at, to),
    status: { code: 1 },
    attributes: [
      text("span.type", "span"),
      ...attributes,
      text("gen_ai.operation.name", "chat"),
      text("gen_ai.response.id", `${request.id}:${suffix}`),
    ],
  });
  const root: Span = {
    traceId,
    spanId: rootId,
    name: "LLM Generation",
    kind: 3,
    startTimeUnixNano: nanoseconds(request.at),
    endTimeUnixNano: nanoseconds(request.at, end),
    status: request.failed ? { code: 2, message: "Client disconnected" } : { code: 1 },
    attributes: rootAttributes(request, options),
  };
  const attempt = [
    whole("span.metadata.attempt_index", 0),
    whole("span.metadata.status_code", 200),
    flag("span.metadata.is_byok", request.isByok),
  ];
  return {
    resourceSpans: [
      resourceSpan(request.id, root),
      resourceSpan(request.id, child("attempt-0", `provider attempt 1: ${request.provider}`, 0, middle, attempt)),
      resourceSpan(request.id, child("generation", "generation", middle, end, [])),
    ],
  };
}

function rootAttributes(request: SimulatedRequest, options: BroadcastOptions): Attribute[] {
  const author = request.model.split("/")[0] ?? "";
  const slug = request.model.split(":")[0] ?? request.model;
  const userId = options.userId ?? "user_2exampleExampleExample000001";
  const endpoint = findEndpoint(request.model, request.provider);
  const metadata = "trace.metadata.openrouter";
  return [
    text("trace.name", "OpenRouter Request"),
    text("span.type", "generation"),
    text("span.level", request.failed ? "ERROR" : "DEFAULT"),
    ...(request.failed ? [text("span.status_message", "Client disconnected")] : []),
    text("gen_ai.operation.name", "chat"),
    text("gen_ai.system", author),
    text("gen_ai.provider.name", author),
    text("gen_ai.request.model", slug),
    text("gen_ai.response.model", slug),
    text("gen_ai.response.id", request.id),
    ...(request.failed ? [] : [...tokenAttributes(request), ...costAttributes(request)]),
    text("gen_ai.response.finish_reason", request.finishReason),
    text("gen_ai.response.finish_reasons", JSON.stringify([request.finishReason])),
    ...(request.user === null ? [] : [text("user.id", request.user)]),
    ...(request.session === null ? [] : [text("session.id", request.session)]),
    text(`${metadata}.source`, "openrouter"),
    text(`${metadata}.api_key_name`, request.keyName),
    text(`${metadata}.entity_id`, userId),
    text(`${metadata}.creator_user_id`, userId),
    text(`${metadata}.provider_name`, request.provider),
    text(`${metadata}.provider_slug`, endpoint?.tag ?? "unknown"),
    text(`${metadata}.finish_reason`, request.finishReason),
    real(`${metadata}.first_token_ms`, request.latencyMs),
    ...(endpoint
      ? [
          real(`${metadata}.input_unit_price`, unitsToNumber(endpoint.prompt)),
          real(`${metadata}.output_unit_price`, unitsToNumber(endpoint.completion)),
        ]
      : []),
    ...(options.generationCost && !request.failed ? costGroup(request) : []),
    ...((options.privacyMode ?? true)
      ? []
      : [text("gen_ai.prompt", '[{"role":"user","content":"Hello"}]'), text("gen_ai.completion", '{"text":"Hello."}')]),
  ];
}

function tokenAttributes(request: SimulatedRequest): Attribute[] {
  const usage = "gen_ai.usage";
  return [
    whole(`${usage}.input_tokens`, request.tokensPrompt),
    whole(`${usage}.output_tokens`, request.tokensCompletion),
    whole(`${usage}.total_tokens`, request.tokensPrompt + request.tokensCompletion),
    ...(request.tokensCached === null ? [] : [whole(`${usage}.input_tokens.cached`, request.tokensCached)]),
    ...(request.tokensReasoning === null ? [] : [whole(`${usage}.output_tokens.reasoning`, request.tokensReasoning)]),
  ];
}

/** The total is the charge to the account. Its parts are list prices and, as on the real wire, need not add up to it. */
function costAttributes(request: SimulatedRequest): Attribute[] {
  const endpoint = findEndpoint(request.model, request.provider);
  const output = Math.min(request.cost, request.tokensCompletion * (endpoint?.completion ?? 0));
  return [
    real("gen_ai.usage.input_cost", unitsToNumber(request.cost - output)),
    real("gen_ai.usage.output_cost", unitsToNumber(output)),
    real("gen_ai.usage.total_cost", unitsToNumber(request.cost)),
  ];
}

function costGroup(request: SimulatedRequest): Attribute[] {
  const group = "trace.metadata.openrouter_generation";
  return [
    real(`${group}.usage`, unitsToNumber(request.cost)),
    real(`${group}.byok_usage_inference`, unitsToNumber(request.byokCost)),
    flag(`${group}.is_byok`, request.isByok),
    whole(`${group}.tokens_prompt`, request.tokensPrompt),
    whole(`${group}.tokens_completion`, request.tokensCompletion),
  ];
}

/** The connection test as captured: one marker span without attributes. */
export function connectionTestBody(at: Date): BroadcastBody {
  const span: Span = {
    traceId: `${"0".repeat(31)}1`,
    spanId: `${"0".repeat(15)}1`,
    name: "openrouter-connection-test",
    kind: 1,
    startTimeUnixNano: nanoseconds(at),
    endTimeUnixNano: nanoseconds(at, 1),
    status: { code: 1 },
    attributes: [],
  };
  return { resourceSpans: [resourceSpan(null, span)] };
}

/** "Send Trace" of OpenRouter's page: a root span called `Test Generation` with figures that nobody spent. */
export function testGenerationBody(request: SimulatedRequest): BroadcastBody {
  const [root] = broadcastBody(request).resourceSpans;
  const span = root?.scopeSpans[0]?.spans[0];
  if (!root || !span) throw new RangeError("A delivery has a root span");
  return { resourceSpans: [resourceSpan(request.id, { ...span, name: "Test Generation" })] };
}
