import { describe, expect, it } from "vitest";
import { healthOf, usedShare } from "@/lib/keys/health";
import type { KeyView } from "@/lib/keys/schema";

const NOW = new Date("2026-03-10T12:00:00Z");

const key = (facts: Partial<KeyView>): KeyView => ({
  id: 1,
  name: "Web",
  description: null,
  kind: "inference",
  is_active: true,
  status: "valid",
  status_detail: null,
  checked_at: null,
  label: null,
  created_at: "2026-01-01T00:00:00Z",
  added_at: "2026-01-01T00:00:00Z",
  last_used_at: "2026-03-10T11:00:00Z",
  last_synced_at: "2026-03-10T11:30:00Z",
  last_sync_error: null,
  limit: 10,
  limit_remaining: 9,
  limit_reset: null,
  expires_at: null,
  management_key_id: null,
  has_secret: true,
  workspace: null,
  measured_by: "analytics",
  measured_detail: null,
  spend_today: 0,
  spend_month: 1,
  ...facts,
});
const warningsOf = (facts: Partial<KeyView>) => healthOf([key(facts)], NOW).map(({ warning }) => warning);

describe("The health of a key", () => {
  it.each([
    [{}, []],
    [{ status: "invalid" }, ["not_accepted"]],
    [{ status: "unreachable", last_synced_at: null, limit: null, limit_remaining: null }, ["not_read"]],
    [{ last_sync_error: "OpenRouter did not answer" }, ["not_read"]],
    [{ status: "invalid", last_sync_error: "OpenRouter no longer accepts this key" }, ["not_accepted"]],
    [{ last_used_at: null, spend_month: null }, ["never_used"]],
    [{ status: "limit_reached", limit_remaining: 0 }, ["limit_reached"]],
    [{ limit_remaining: 1.9 }, ["near_limit"]],
    [{ expires_at: "2026-03-20T00:00:00Z" }, ["expiring"]],
    [{ expires_at: "2026-06-20T00:00:00Z" }, []],
    [{ last_used_at: null, spend_month: 0 }, ["never_used"]],
    [{ limit: null, limit_remaining: null }, ["no_limit"]],
    [{ kind: "management", limit: null, last_used_at: null, spend_month: 0 }, []],
    [{ status: "invalid", is_active: false }, []],
  ] as [Partial<KeyView>, string[]][])("of %o warns of %o", (facts, warnings) => {
    expect(warningsOf(facts)).toEqual(warnings);
  });
  it("counts what is used of a limit from what OpenRouter says is left", () => {
    expect(usedShare({ limit: 20, limit_remaining: 5 })).toBe(0.75);
    expect(usedShare({ limit: null, limit_remaining: null })).toBe(0);
  });
});
