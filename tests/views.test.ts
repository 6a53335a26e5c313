import { describe, expect, test } from "vitest";
import { healthOf } from "@/lib/keys/health";
import type { KeyView } from "@/lib/keys/schema";
import { deleteView, listViews, saveView } from "@/lib/views/views";
import { createPerson } from "./support/world";

const NOW = new Date("2026-05-10T12:00:00Z");
const key: KeyView = {
  id: 1,
  name: "key",
  description: null,
  kind: "inference",
  is_active: true,
  status: "valid",
  status_detail: null,
  checked_at: null,
  label: null,
  created_at: "2026-01-01T00:00:00.000Z",
  last_used_at: "2026-05-01T00:00:00.000Z",
  last_synced_at: "2026-05-10T00:00:00.000Z",
  last_sync_error: null,
  limit: 10,
  limit_remaining: 9,
  limit_reset: null,
  expires_at: null,
  management_key_id: null,
  has_secret: true,
  workspace: null,
  measured_by: "analytics",
  spend_today: 0,
  spend_month: 1,
};
const warnings = (change: Partial<KeyView>) => healthOf([{ ...key, ...change }], NOW).map((health) => health.warning);

describe("the health of a key", () => {
  test.each<[string[], Partial<KeyView>]>([
    [[], {}],
    [["not_accepted"], { status: "invalid" }],
    [["limit_reached"], { status: "limit_reached", limit_remaining: 0 }],
    [["near_limit"], { limit_remaining: 2 }],
    [["expiring"], { expires_at: "2026-05-20T00:00:00.000Z" }],
    [["never_used"], { last_used_at: null, spend_month: 0 }],
    [["no_limit"], { limit: null, limit_remaining: null }],
    [[], { limit: null, is_active: false }],
  ])("warns of %j", (expected, change) => expect(warnings(change)).toEqual(expected));
});

describe("a saved view", () => {
  test("is kept for its owner and nobody else", async () => {
    const [{ viewer: ann }, { viewer: bob }] = [await createPerson(), await createPerson()];
    const view = await saveView(ann, { page: "stats", name: "Last month", query: "start_date=2026-04-01" });
    expect(await listViews(ann)).toEqual([view]);
    expect(await listViews(bob)).toEqual([]);
    await expect(deleteView(bob, { id: view.id })).rejects.toMatchObject({ code: "forbidden" });
    await deleteView(ann, { id: view.id });
    await expect(deleteView(ann, { id: view.id })).rejects.toMatchObject({ code: "not_found" });
  });

  test("is one of fifty at most", async () => {
    const { viewer } = await createPerson();
    for (let index = 0; index < 50; index++) await saveView(viewer, { page: "dashboard", name: `${index}`, query: "" });
    await expect(saveView(viewer, { page: "dashboard", name: "51", query: "" })).rejects.toMatchObject({
      code: "bad_request",
    });
  });
});
