import {
  type Answer,
  ApiError,
  type Call,
  callerOf,
  integerFrom,
  objectBody,
  offsetFrom,
  ok,
  type Route,
} from "../http";
import type { Workspace } from "../world/accounts";

function toRow(workspace: Workspace) {
  return {
    id: workspace.id,
    name: workspace.name,
    slug: workspace.slug,
    description: null,
    created_at: workspace.createdAt.toISOString(),
    created_by: null,
    updated_at: null,
    default_guardrail_id: null,
    default_text_model: null,
    default_image_model: null,
    default_provider_sort: null,
    io_logging_api_key_ids: null,
    io_logging_sampling_rate: 1,
    is_data_discount_logging_enabled: false,
    is_observability_broadcast_enabled: workspace.isBroadcastEnabled,
    is_observability_io_logging_enabled: false,
    include_byok_in_budgets: false,
  };
}

function list(call: Call): Answer {
  const workspaces = call.world.workspacesOf(callerOf(call).accountId);
  const offset = offsetFrom(call);
  const limit = integerFrom(call.query, "limit", 50, 100);
  return ok({ data: workspaces.slice(offset, offset + limit).map(toRow), total_count: workspaces.length });
}

/** By id or slug, else 404. */
function workspaceOf(call: Call): Workspace {
  const { reference } = call.params;
  const found = call.world
    .workspacesOf(callerOf(call).accountId)
    .find((each) => each.id === reference || each.slug === reference);
  if (!found) throw new ApiError(404, "Workspace not found");
  return found;
}

function change(call: Call): Answer {
  const workspace = workspaceOf(call);
  const isEnabled = objectBody(call).is_observability_broadcast_enabled;
  if (typeof isEnabled === "boolean") workspace.isBroadcastEnabled = isEnabled;
  return ok({ data: toRow(workspace) });
}

/** `/workspaces` and `/workspaces/{id or slug}`. Of the changes only Broadcast's switch has an effect. */
export const workspacesRoutes: Route[] = [
  { method: "GET", pattern: "/workspaces", access: "management", handle: list },
  {
    method: "GET",
    pattern: "/workspaces/:reference",
    access: "management",
    handle: (call) => ok({ data: toRow(workspaceOf(call)) }),
  },
  { method: "PATCH", pattern: "/workspaces/:reference", access: "management", handle: change },
];
