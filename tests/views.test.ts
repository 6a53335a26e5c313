import { beforeAll, describe, expect, it } from "vitest";
import type { Viewer } from "@/lib/access/viewer";
import { SaveView } from "@/lib/views/schema";
import { deleteView, listViews, saveView } from "@/lib/views/views";
import { createPerson } from "./support/world";

let ann: Viewer;
let bob: Viewer;

beforeAll(async () => {
  ann = (await createPerson()).viewer;
  bob = (await createPerson()).viewer;
});

describe("A saved view", () => {
  it("is found again by its name, and only by whoever saved it", async () => {
    const view = await saveView(ann, { page: "stats", name: "By model", query: "?group=model" });
    expect(await listViews(ann)).toEqual([view]);
    expect(await listViews(bob)).toEqual([]);
  });
  it("cannot be deleted by somebody else, and by its owner only once", async () => {
    const view = await saveView(ann, { page: "dashboard", name: "Week", query: "?period=7d" });
    await expect(deleteView(bob, view)).rejects.toMatchObject({ code: "forbidden" });
    await deleteView(ann, view);
    await expect(deleteView(ann, view)).rejects.toMatchObject({ code: "not_found" });
  });
  it("is refused when there are fifty", async () => {
    for (let count = 0; count < 50; count += 1)
      await saveView(bob, { page: "stats", name: `View ${count}`, query: "?" });
    await expect(saveView(bob, { page: "stats", name: "One more", query: "?" })).rejects.toMatchObject({
      code: "bad_request",
    });
  });
  it("holds a part of an address and nothing that leads elsewhere", () => {
    const view = { page: "stats", name: "x" };
    expect(SaveView.safeParse({ ...view, query: "?a=b" }).success).toBe(true);
    expect(SaveView.safeParse({ ...view, query: "//evil.example" }).success).toBe(false);
    expect(SaveView.safeParse({ ...view, page: "../admin", query: "?" }).success).toBe(false);
  });
});
