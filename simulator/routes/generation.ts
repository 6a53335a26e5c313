import { stableUuid } from "../digest";
import { ApiError, callerOf, ok, type Route } from "../http";
import { modelName } from "../model-names";
import { unitsToNumber } from "../money";
import { offsetText } from "../time";
import type { SimulatedRequest } from "../world/requests";

function toGeneration(request: SimulatedRequest) {
  const permaslug = modelName(request.model, "permaslug");
  const cost = unitsToNumber(request.cost);
  return {
    id: request.id,
    request_id: request.id.replace("gen-", "req-"),
    session_id: request.session,
    upstream_id: `msg_${request.id.slice(-12)}`,
    created_at: offsetText(request.at),
    model: permaslug,
    provider_name: request.provider,
    api_type: "completions",
    router: null,
    preset_id: null,
    service_tier: null,
    data_region: "global",
    total_cost: cost,
    usage: cost,
    upstream_inference_cost: request.isByok ? unitsToNumber(request.byokCost) : null,
    cache_discount: null,
    is_byok: request.isByok,
    tokens_prompt: request.tokensPrompt,
    tokens_completion: request.tokensCompletion,
    native_tokens_prompt: request.tokensPrompt,
    native_tokens_completion: request.tokensCompletion,
    native_tokens_reasoning: request.tokensReasoning,
    native_tokens_cached: request.tokensCached,
    native_tokens_completion_images: null,
    num_media_prompt: null,
    num_input_audio_prompt: null,
    num_media_completion: null,
    num_search_results: null,
    num_fetches: null,
    web_search_engine: null,
    latency: request.latencyMs,
    generation_time: request.generationMs,
    moderation_latency: null,
    streamed: true,
    cancelled: request.failed,
    finish_reason: request.finishReason,
    native_finish_reason: request.finishReason,
    app_id: null,
    origin: "",
    http_referer: null,
    user_agent: null,
    external_user: null,
    workspace_id: request.workspaceId,
    response_cache_source_id: null,
    provider_responses: [
      {
        id: stableUuid(`attempt/${request.id}`),
        endpoint_id: stableUuid(`endpoint/${request.model}/${request.provider}`),
        provider_name: request.provider,
        model_permaslug: permaslug,
        status: 200,
        latency: request.latencyMs,
        is_byok: request.isByok,
      },
    ],
  };
}

/** `GET /generation?id=`: any key of the account, for requests that were recorded one by one. */
export const generationRoute: Route = {
  method: "GET",
  pattern: "/generation",
  access: "key",
  handle(call) {
    const id = call.query.get("id");
    if (id === null) throw new ApiError(400, "id is required");
    const request = call.world.requests.find(id);
    if (!request || request.accountId !== callerOf(call).accountId)
      throw new ApiError(404, `Generation ${id} not found`);
    return ok({ data: toGeneration(request) });
  },
};
