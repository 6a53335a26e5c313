import { type Destination, maskConfig, mergeConfig, type NewDestination } from "../destinations";
import {
  type Answer,
  ApiError,
  type Call,
  callerOf,
  integerFrom,
  isObject,
  objectBody,
  offsetFrom,
  ok,
  type Route,
} from "../http";

const TYPES = new Set(
  "arize braintrust clickhouse datadog grafana langfuse langsmith newrelic opik otel-collector posthog ramp s3 sentry snowflake weave webhook".split(
    " ",
  ),
);
const MAX_PER_TYPE = 5;
const PATH = "/observability/destinations";

function toRow(destination: Destination) {
  return {
    id: destination.id,
    name: destination.name,
    type: destination.type,
    enabled: destination.enabled,
    config: maskConfig(destination.config),
    privacy_mode: destination.privacyMode,
    sampling_rate: destination.samplingRate,
    api_key_hashes: destination.apiKeyHashes,
    filter_rules: destination.filterRules,
    broadcast_generation_cost: destination.generationCost,
    broadcast_generation_identity: destination.generationIdentity,
    broadcast_generation_request_context: destination.generationRequestContext,
    regions: destination.regions,
    workspace_id: destination.workspaceId,
    created_at: destination.createdAt.toISOString(),
    updated_at: destination.updatedAt.toISOString(),
  };
}

/** The named workspace of the account, else its default. */
function workspaceId(call: Call, asked: unknown): string {
  const workspaces = call.world.workspacesOf(callerOf(call).accountId);
  const found =
    asked === undefined || asked === null
      ? workspaces.find((each) => each.isDefault)
      : workspaces.find((each) => each.id === asked);
  if (!found) throw new ApiError(400, "Invalid workspace_id");
  return found.id;
}

function list(call: Call): Answer {
  const workspace = workspaceId(call, call.query.get("workspace_id"));
  const found = call.world.destinations.all().filter((each) => each.workspaceId === workspace);
  const offset = offsetFrom(call);
  const limit = integerFrom(call.query, "limit", 50, 100);
  return ok({ data: found.slice(offset, offset + limit).map(toRow), total_count: found.length });
}

/** What a body says about a destination; fields that it leaves out stay undefined. */
function parseFields(body: Record<string, unknown>): Partial<NewDestination> {
  const { sampling_rate: rate, api_key_hashes: hashes } = body;
  if (rate !== undefined && !(typeof rate === "number" && rate >= 0.0001 && rate <= 1))
    throw new ApiError(400, "sampling_rate must be between 0.0001 and 1");
  if (hashes !== undefined && hashes !== null && !(Array.isArray(hashes) && hashes.length > 0))
    throw new ApiError(400, "api_key_hashes must have at least one entry");
  const flag = (name: string) => (typeof body[name] === "boolean" ? body[name] : undefined);
  const fields: Partial<NewDestination> = {
    name: typeof body.name === "string" ? body.name : undefined,
    enabled: flag("enabled"),
    privacyMode: flag("privacy_mode"),
    samplingRate: rate,
    apiKeyHashes: hashes === undefined ? undefined : hashes === null ? null : hashes.map(String),
    filterRules: body.filter_rules,
    generationCost: flag("broadcast_generation_cost"),
    generationIdentity: flag("broadcast_generation_identity"),
    generationRequestContext: flag("broadcast_generation_request_context"),
    regions: Array.isArray(body.regions) ? body.regions.map(String) : undefined,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function create(call: Call): Answer {
  const body = objectBody(call);
  const { accountId } = callerOf(call);
  if (typeof body.type !== "string" || !TYPES.has(body.type)) throw new ApiError(400, "Invalid destination type");
  if (typeof body.name !== "string" || body.name === "") throw new ApiError(400, "name is required");
  const target = isObject(body.config) ? (body.config.url ?? body.config.endpoint) : undefined;
  if (!isObject(body.config) || (body.type === "webhook" && (typeof target !== "string" || !URL.canParse(target))))
    throw new ApiError(400, "Invalid config");
  const workspace = workspaceId(call, body.workspace_id);
  const alike = call.world.destinations
    .all()
    .filter((each) => each.workspaceId === workspace && each.type === body.type);
  if (alike.length >= MAX_PER_TYPE) throw new ApiError(409, `Maximum of ${MAX_PER_TYPE} destinations per type reached`);
  const destination = call.world.destinations.add({
    accountId,
    workspaceId: workspace,
    name: body.name,
    type: body.type,
    enabled: true,
    config: body.config,
    privacyMode: false,
    samplingRate: 1,
    apiKeyHashes: null,
    filterRules: null,
    generationCost: false,
    generationIdentity: false,
    generationRequestContext: false,
    regions: ["global"],
    ...parseFields(body),
  });
  return { status: 201, body: { data: toRow(destination) } };
}

function destinationOf(call: Call): Destination {
  const destination = call.world.destinations.find(call.params.id ?? "");
  if (!destination || destination.accountId !== callerOf(call).accountId)
    throw new ApiError(404, "Destination not found");
  return destination;
}

function change(call: Call): Answer {
  const destination = destinationOf(call);
  const body = objectBody(call);
  Object.assign(destination, parseFields(body), { updatedAt: call.world.now() });
  if (isObject(body.config)) destination.config = mergeConfig(destination.config, body.config);
  return ok({ data: toRow(destination) });
}

function remove(call: Call): Answer {
  call.world.destinations.remove(destinationOf(call).id);
  return ok({ deleted: true });
}

/** `/observability/destinations` and one of them by id. */
export const destinationsRoutes: Route[] = [
  { method: "GET", pattern: PATH, access: "management", handle: list },
  { method: "POST", pattern: PATH, access: "management", handle: create },
  {
    method: "GET",
    pattern: `${PATH}/:id`,
    access: "management",
    handle: (call) => ok({ data: toRow(destinationOf(call)) }),
  },
  { method: "PATCH", pattern: `${PATH}/:id`, access: "management", handle: change },
  { method: "DELETE", pattern: `${PATH}/:id`, access: "management", handle: remove },
];
