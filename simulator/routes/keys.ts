import { type Answer, ApiError, type Call, callerOf, objectBody, offsetFrom, ok, type Route } from "../http";
import { offsetText } from "../time";
import { keyCounters } from "../world/counters";
import { isExpired, isListed, labelOf, type SimulatedKey } from "../world/keys";
import { parseKeyChange, parseNewKey } from "./key-input";

const PAGE = 100;

function toRow(key: SimulatedKey, call: Call) {
  return {
    hash: key.hash,
    name: key.name,
    label: labelOf(key.plaintext),
    disabled: key.disabled,
    ...keyCounters(call.world.books, key, call.world.now()),
    created_at: offsetText(key.createdAt),
    updated_at: key.updatedAt === null ? null : offsetText(key.updatedAt),
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    creator_user_id: key.creatorUserId,
    external_user: key.externalUser,
    workspace_id: key.workspaceId,
  };
}

/** The account's key of the path, else 404; neither management nor OAuth keys are found. */
function keyOf(call: Call): SimulatedKey {
  const key = call.world.findKey(call.params.hash ?? "");
  if (!key || key.accountId !== callerOf(call).accountId || !isListed(key))
    throw new ApiError(404, "API key not found");
  return key;
}

/** One workspace per call, the default one unless named; pages of 100 without a total. */
function list(call: Call): Answer {
  const { query, world } = call;
  const { accountId } = callerOf(call);
  const workspaces = world.workspacesOf(accountId);
  const asked = query.get("workspace_id");
  const workspace =
    asked === null ? workspaces.find((each) => each.isDefault) : workspaces.find((each) => each.id === asked);
  if (!workspace) throw new ApiError(400, "Invalid workspace_id");
  const offset = offsetFrom(call);
  const now = world.now();
  const rows = world
    .keys(accountId)
    .filter((key) => isListed(key) && key.workspaceId === workspace.id)
    .filter((key) => !key.disabled || query.get("include_disabled") === "true")
    .filter((key) => !isExpired(key, now) || query.get("include_expired") === "true")
    .slice(offset, offset + PAGE);
  return ok({ data: rows.map((key) => toRow(key, call)) });
}

function create(call: Call): Answer {
  const { accountId } = callerOf(call);
  const input = parseNewKey(objectBody(call));
  const workspaces = call.world.workspacesOf(accountId);
  if (input.workspaceId !== undefined && !workspaces.some((each) => each.id === input.workspaceId))
    throw new ApiError(400, "Invalid workspace_id");
  const key = call.world.createKey({ ...input, accountId });
  return { status: 201, body: { data: toRow(key, call), key: key.plaintext } };
}

function change(call: Call): Answer {
  const key = call.world.changeKey(keyOf(call).hash, parseKeyChange(objectBody(call)));
  return ok({ data: toRow(key, call) });
}

function remove(call: Call): Answer {
  call.world.deleteKey(keyOf(call).hash);
  return ok({ deleted: true });
}

/** `/keys` and `/keys/{hash}`. */
export const keysRoutes: Route[] = [
  { method: "GET", pattern: "/keys", access: "management", handle: list },
  { method: "POST", pattern: "/keys", access: "management", handle: create },
  {
    method: "GET",
    pattern: "/keys/:hash",
    access: "management",
    handle: (call) => ok({ data: toRow(keyOf(call), call) }),
  },
  { method: "PATCH", pattern: "/keys/:hash", access: "management", handle: change },
  { method: "DELETE", pattern: "/keys/:hash", access: "management", handle: remove },
];
