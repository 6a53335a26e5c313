import { type Call, callerOf, ok, type Route } from "../http";
import { dayOf } from "../time";
import { keyCounters } from "../world/counters";
import { labelOf } from "../world/keys";

const FREE_REQUESTS_A_DAY = 1000;

/** The account's quota of `:free` models for the running UTC day. */
function freeRequests({ world }: Call, accountId: string) {
  const today = dayOf(world.now());
  const used = world
    .keys(accountId)
    .reduce((sum, key) => sum + world.books.spend(key.hash, today, today).freeRequests, 0);
  return { used, limit: FREE_REQUESTS_A_DAY, remaining: Math.max(0, FREE_REQUESTS_A_DAY - used) };
}

/** What a key may learn of itself: no name, no hash, no tokens. */
function describe(call: Call) {
  const key = callerOf(call);
  const isManagement = key.kind === "management";
  const { organizationId } = call.world.account(key.accountId);
  return ok({
    data: {
      label: labelOf(key.plaintext),
      ...keyCounters(call.world.books, key, call.world.now()),
      is_free_tier: false,
      is_management_key: isManagement,
      is_provisioning_key: isManagement,
      ...(call.settings.identityFields ? { creator_user_id: key.creatorUserId, organization_id: organizationId } : {}),
      expires_at: key.expiresAt?.toISOString() ?? null,
      free_model_daily_requests: freeRequests(call, key.accountId),
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
