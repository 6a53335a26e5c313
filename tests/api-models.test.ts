import { describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import { refreshModels } from "@/lib/models/refresh";
import { catalogue } from "@/simulator/models";
import { call } from "./support/api";
import { simulateOpenRouter } from "./support/openrouter";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson } from "./support/world";

simulateOpenRouter();

describe("The models of the public API", () => {
  it("are those that were used, one row each however they were named, with today's prices", async () => {
    const [model] = catalogue;
    const ann = await createPerson();
    const key = await plantKey(ann.viewer);
    await plantUsage(ann.viewer, key, [
      { hour: "2026-03-01T22:00:00Z", model: model?.slug ?? "", cost: "2" },
      { hour: "2026-03-02T22:00:00Z", model: model?.canonicalSlug ?? "", cost: "1" },
      { hour: "2026-03-02T22:00:00Z", model: "author/withdrawn", cost: "0.5" },
    ]);
    await refreshModels();
    const made = await call("POST", "/api/tokens", { token: ann.accessToken, body: { name: "Prices" } });
    const token = made.json().token as string;
    const { items } = (await call("GET", "/api/v1/models", { token })).json() as { items: Record<string, unknown>[] };
    const byName = new Map(items.map((item) => [item.model, item]));
    const listed = byName.get(model?.slug);
    expect(listed).toMatchObject({ name: model?.name, cost: 3, first_used: "2026-03-01", last_used: "2026-03-02" });
    const { prompt } = (listed?.pricing ?? {}) as { prompt?: string };
    expect(listed?.price_input).toBeCloseTo(Number(prompt) * 1e6, 10);
    expect(byName.has(model?.canonicalSlug)).toBe(false);
    expect(byName.get("author/withdrawn")).toMatchObject({ name: null, price_input: null, pricing: null, cost: 0.5 });
    const beyond = (await call("GET", "/api/v1/models?page=9", { token })).json();
    expect(beyond).toMatchObject({ items: [], pagination: { total: byName.size } });
    const [count] = await sql()<{ models: number }[]>`select count(*) as models from models`;
    expect(count?.models).toBeGreaterThanOrEqual(catalogue.length);
  });
});
