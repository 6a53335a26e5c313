import type { UpstreamError } from "@/lib/openrouter/errors";

export type KeyStatus =
  | "valid"
  | "invalid"
  | "disabled"
  | "expired"
  | "limit_reached"
  | "unverified"
  | "unreachable"
  | "deleted";

export type StatusFact = { status: KeyStatus; detail: string | null };

type Facts = {
  disabled?: boolean | null;
  expires_at: Date | null;
  limit: string | null;
  limit_remaining: string | null;
  limit_reset: string | null;
};

/** What OpenRouter's own record of a key says about its state. */
export function statusOf(facts: Facts, now: Date): StatusFact {
  if (facts.disabled) return { status: "disabled", detail: "Switched off at OpenRouter" };
  if (facts.expires_at && facts.expires_at <= now) {
    return { status: "expired", detail: `Expired on ${facts.expires_at.toISOString().slice(0, 10)}` };
  }
  if (facts.limit !== null && facts.limit_remaining !== null && Number(facts.limit_remaining) <= 0) {
    const period = facts.limit_reset ? `${facts.limit_reset} ` : "";
    return { status: "limit_reached", detail: `The ${period}limit of ${facts.limit} USD is used up` };
  }
  return { status: "valid", detail: null };
}

/**
 * What a failed call says about a key. Only OpenRouter's 401 makes a key invalid; anything else leaves the status as it was (null) and says
 * that the key could not be checked. A key that was never seen to work is `unreachable` then.
 */
export function statusOfFailure(error: UpstreamError, before: KeyStatus): StatusFact {
  if (error.reason === "unauthorized") {
    return {
      status: "invalid",
      detail: "OpenRouter no longer accepts this key: it is wrong, disabled, expired or deleted",
    };
  }
  const neverSeen = before === "unverified" || before === "unreachable";
  return { status: neverSeen ? "unreachable" : before, detail: `Not checked: ${error.message}` };
}
