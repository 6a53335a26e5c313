import { type Answer, ApiError, type Call, integerFrom, offsetFrom, ok, type Route } from "../http";
import { catalogue, type Endpoint, type Model } from "../models";
import { unitsToText } from "../money";

function architecture(model: Model) {
  const inputs = model.images ? ["text", "image"] : ["text"];
  return {
    modality: `${inputs.join("+")}->text`,
    input_modalities: inputs,
    output_modalities: ["text"],
    tokenizer: model.tokenizer,
    instruct_type: null,
  };
}

/** Text, USD per token. */
function pricing(endpoint: Endpoint | undefined) {
  if (!endpoint) return { prompt: "0", completion: "0" };
  const { prompt, completion, cacheRead } = endpoint;
  return {
    prompt: unitsToText(prompt),
    completion: unitsToText(completion),
    ...(cacheRead === null ? {} : { input_cache_read: unitsToText(cacheRead) }),
  };
}

function parametersOf(model: Model) {
  return ["max_tokens", "temperature", "tools", ...(model.reasons ? ["reasoning"] : [])];
}

function toModel(model: Model) {
  return {
    id: model.slug,
    canonical_slug: model.canonicalSlug,
    name: model.name,
    created: model.created,
    description: `${model.name}, as the simulator serves it.`,
    context_length: model.contextLength,
    architecture: architecture(model),
    pricing: pricing(model.endpoints[0]),
    top_provider: { context_length: model.contextLength, max_completion_tokens: 32_768, is_moderated: false },
    per_request_limits: null,
    supported_parameters: parametersOf(model),
    default_parameters: null,
    supported_voices: null,
    expiration_date: model.expirationDate,
    links: { details: `/api/v1/models/${model.canonicalSlug}/endpoints` },
  };
}

function toEndpoint(model: Model, endpoint: Endpoint, isKnownCaller: boolean) {
  return {
    name: `${endpoint.provider} | ${model.canonicalSlug}`,
    model_id: model.slug,
    model_name: model.name,
    provider_name: endpoint.provider,
    tag: endpoint.tag,
    context_length: model.contextLength,
    max_completion_tokens: 32_768,
    max_prompt_tokens: null,
    quantization: null,
    pricing: { ...pricing(endpoint), discount: 0 },
    supported_parameters: parametersOf(model),
    supports_implicit_caching: endpoint.cacheRead !== null,
    supports_tool_choice: { none: true, auto: true, required: true, function: true },
    status: 0,
    uptime_last_5m: 99.9,
    uptime_last_30m: 99.8,
    uptime_last_1d: 99.7,
    latency_last_30m: isKnownCaller ? { p50: 620, p75: 810, p90: 1200, p99: 3100 } : null,
    throughput_last_30m: isKnownCaller ? { p50: 95, p75: 110, p90: 130, p99: 160 } : null,
  };
}

/** The whole list unless `offset` or `limit` is sent. */
function list(call: Call): Answer {
  const isPaged = call.query.has("offset") || call.query.has("limit");
  const offset = offsetFrom(call);
  const limit = isPaged ? integerFrom(call.query, "limit", 500, 1000) : catalogue.length;
  const next = offset + limit < catalogue.length ? `/api/v1/models?offset=${offset + limit}&limit=${limit}` : null;
  return ok({
    data: catalogue.slice(offset, offset + limit).map(toModel),
    links: { next },
    total_count: catalogue.length,
  });
}

function endpoints(call: Call): Answer {
  const slug = `${call.params.author}/${call.params.slug}`;
  const model = catalogue.find((each) => each.slug === slug || each.canonicalSlug === slug);
  if (!model) throw new ApiError(404, "Model not found");
  return ok({
    data: {
      id: model.slug,
      name: model.name,
      created: model.created,
      description: `${model.name}, as the simulator serves it.`,
      architecture: architecture(model),
      endpoints: model.endpoints.map((endpoint) => toEndpoint(model, endpoint, call.key !== null)),
    },
  });
}

/** `GET /models` and `GET /models/{author}/{slug}/endpoints`, public. */
export const modelsRoutes: Route[] = [
  { method: "GET", pattern: "/models", access: "public", handle: list },
  { method: "GET", pattern: "/models/:author/:slug/endpoints", access: "public", handle: endpoints },
];
