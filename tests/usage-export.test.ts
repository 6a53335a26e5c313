import { describe, expect, it } from "vitest";
import { exportUsage } from "@/lib/usage/export";
import { listUsage } from "@/lib/usage/usage";
import { MARCH, PAGE, plantMarch } from "./support/march";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson } from "./support/world";

const { ann, main, sampled } = await plantMarch();

describe("An export", () => {
  it("neutralises cells that a spreadsheet would run", async () => {
    const text = await (await exportUsage(ann, { ...MARCH, format: "csv" })).text();
    const lines = text.trim().split("\r\n");
    expect(lines[0]).toBe("date,api_key_id,api_key_name,model,provider,requests,tokens_input,tokens_output,cost");
    expect(lines[1]).toBe(`2026-03-03,${main},Main,'=cmd|calc,,1,100,10,0.00000000012345`);
    expect(lines[2]).toBe(`2026-03-03,${sampled},Sampled,,,,,,1`);
    expect(lines).toHaveLength(5);
  });

  it("gives JSON and NDJSON with the same rows", async () => {
    const json: unknown = await (await exportUsage(ann, { ...MARCH, format: "json" })).json();
    const lines = (await (await exportUsage(ann, { ...MARCH, format: "ndjson" })).text()).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(json);
    expect(json).toHaveLength(4);
    const empty = await exportUsage(ann, { start_date: "2020-01-01", end_date: "2020-01-01", format: "json" });
    expect(await empty.json()).toEqual([]);
  });

  it("lets the database go when the reader goes away", async () => {
    const hours = Array.from({ length: 2000 }, (_, hour) => ({
      hour: new Date(Date.UTC(2026, 5, 1, hour)).toISOString(),
    }));
    const cara = (await createPerson()).viewer;
    await plantUsage(cara, await plantKey(cara), hours);
    for (let round = 0; round < 12; round++) {
      const reader = (
        await exportUsage(cara, {
          start_date: "2026-06-01",
          end_date: "2026-12-31",
          group_by: "hour",
          format: "ndjson",
        })
      ).body?.getReader();
      await reader?.read();
      await reader?.cancel();
    }
    expect(
      (await listUsage(cara, { ...PAGE, start_date: "2026-06-01", end_date: "2026-12-31" })).pagination.total,
    ).toBe(84);
  });
});
