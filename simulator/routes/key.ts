import { type Call, callerOf, ok, type Route } from "../http";
import { keyCounters } from "../world/counters";
import { labelOf } from "../world/keys";

/** What a key may learn of itself: no name, no hash, no tokens. */
function describe(call: Call) {
  const key = callerOf(call);
  const isManagement = key.kind === "management";
  return ok({
    data: {
      label: labelOf(key.plaintext),
      ...keyCounters(call.world.books, key, call.world.now()),
      is_free_tier: false,
      is_management_key: isManagement,
      is_provisioning_key: isManagement,
      ...(call.settings.tellsOwner && {
        creator_user_id: call.world.account(key.accountId).userId,
        organization_id: null,
      }),
      expires_at: key.expiresAt?.toISOString() ?? null,
      free_model_daily_requests: { used: 0, limit: 1000, remaining: 1000 },
      allowed_data_regions: ["global"],
      workspace_id: key.workspaceId,
      rate_limit: { requests: -1, interval: "10s", note: "This field is deprecated and safe to ignore." },
    },
  });
}

/** `GET /key` and its legacy alias. */
export const keyRoutes: Route[] = [
  { method: "GET", pattern: "/key", access: "key", handle: describe },
  { method: "GET", pattern: "/auth/key", access: "key", handle: describe },
];
