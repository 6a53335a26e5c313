import readXlsxFile from "read-excel-file/node";
import { beforeAll, describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import { attachment } from "@/lib/export/attachment";
import { SPEED_FIGURES } from "@/lib/usage/figures";
import { MEASURE_COLUMNS, MEASURES } from "@/lib/usage/measures";
import { exportUsage } from "@/lib/usage/read/export-usage";
import { listUsage } from "@/lib/usage/read/list-usage";
import { call } from "./support/api";
import { MARCH, PAGE, plantMarch } from "./support/march";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson, type Person } from "./support/world";

const { ann, bob, main, sampled, bobs } = await plantMarch();

type Input = Parameters<typeof exportUsage>[1];

const answerOf = async (viewer: typeof ann, input: Input) => attachment(await exportUsage(viewer, input));

const textOf = async (viewer: typeof ann, input: Input) => (await answerOf(viewer, input)).text();

describe("An export", () => {
  it("has the columns of the contract first, then every further measure", async () => {
    const lines = (await textOf(ann, { ...MARCH, format: "csv" })).trim().split("\r\n");
    const contract = "date,api_key_id,api_key_name,model,provider,requests,tokens_input,tokens_output,cost";
    const further = MEASURE_COLUMNS.filter((column) => !contract.split(",").includes(column));
    expect(lines[0]).toBe([contract, ...further].join(","));
    const unreported = ",".repeat(further.length);
    expect(lines[1]).toBe(`2026-03-03,${main},Main,'=cmd|calc,,1,100,10,0.00000000012345${unreported}`);
    expect(lines[2]).toBe(`2026-03-03,${sampled},Sampled,,,,,,1${unreported}`);
    expect(lines).toHaveLength(5);
  });

  it("gives JSON and NDJSON with the same rows", async () => {
    const json: unknown = await (await answerOf(ann, { ...MARCH, format: "json" })).json();
    const lines = (await textOf(ann, { ...MARCH, format: "ndjson" })).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(json);
    expect(json).toHaveLength(4);
    const none = { start_date: "2020-01-01", end_date: "2020-01-01" };
    expect(await (await answerOf(ann, { ...none, format: "json" })).json()).toEqual([]);
    expect(await textOf(ann, { ...none, format: "ndjson" })).toBe("");
  });

  it("lets the database go when the reader goes away", async () => {
    const hours = Array.from({ length: 2000 }, (_, hour) => ({
      hour: new Date(Date.UTC(2026, 5, 1, hour)).toISOString(),
    }));
    const cara = (await createPerson()).viewer;
    await plantUsage(cara, await plantKey(cara), hours);
    for (let round = 0; round < 12; round++) {
      const reader = (
        await answerOf(cara, {
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

const JUNE = { start_date: "2026-06-01", end_date: "2026-06-30" };

describe("What a row of usage reports", () => {
  let dora: Person;
  let key: number;
  /** A value of its own for each measure. */
  const reported = MEASURES.map(
    ({ column, kind }, index) => [column, kind === "count" ? index + 1 : -index - 0.25] as const,
  );

  beforeAll(async () => {
    dora = await createPerson();
    key = await plantKey(dora.viewer, "-refunds");
    await plantUsage(dora.viewer, key, [{ hour: "2026-06-03T07:00:00Z", model: "@maker/one", provider: "+plus" }]);
    for (const table of ["usage_hours", "usage_stats"])
      for (const [column, value] of reported)
        await sql()`update ${sql()(table)} set ${sql()(column)} = ${String(value)}::numeric where api_key_id = ${key}`;
    await plantUsage(dora.viewer, await plantKey(dora.viewer, "Web"), [
      { hour: "2026-06-02T23:00:00Z", model: "maker/two" },
    ]);
  });

  it("leaves with every measure, by the day and by the hour, and null where it is not known", async () => {
    for (const group_by of ["day", "hour"] as const) {
      const rows = JSON.parse(await textOf(dora.viewer, { ...JUNE, format: "json", group_by })) as object[];
      const date = group_by === "day" ? "2026-06-03" : "2026-06-03T07:00:00Z";
      expect(rows[0]).toEqual({
        ...{ date, api_key_id: key, api_key_name: "-refunds", model: "@maker/one", provider: "+plus" },
        ...Object.fromEntries(reported),
      });
      expect(rows[1]).toMatchObject({ cost: 0.01, byok_cost: null, tokens_reasoning: null, requests_guarded: null });
    }
  });

  it("keeps refunds numbers in CSV, beside texts that begin like them", async () => {
    const [, line] = (await textOf(dora.viewer, { ...JUNE, format: "csv" })).split("\r\n");
    expect(line).toMatch(/^2026-06-03,\d+,'-refunds,'@maker\/one,'\+plus,1,2,3,-5\.25,4,5,-6\.25,/);
    const dialect = { bom: true, separator: "semicolon", decimal: "comma" } as const;
    const excel = (await textOf(dora.viewer, { ...JUNE, format: "csv", ...dialect })).split("\r\n");
    expect(excel[1]).toMatch(/^2026-06-03;\d+;'-refunds;'@maker\/one;'\+plus;1;2;3;-5,25;4;5;-6,25;/);
  });

  it("opens as a workbook whose days and hours are dates", async () => {
    const firsts = async (group_by: "day" | "hour") => {
      const answer = await answerOf(dora.viewer, { ...JUNE, format: "xlsx", group_by });
      const [sheet] = await readXlsxFile(Buffer.from(await answer.arrayBuffer()));
      expect(sheet?.sheet).toBe("Usage");
      return sheet?.data.slice(1).map((cells) => [cells[0], cells[8]]);
    };
    expect(await firsts("day")).toEqual([
      [new Date("2026-06-03T00:00:00Z"), -5.25],
      [new Date("2026-06-02T00:00:00Z"), 0.01],
    ]);
    expect(await firsts("hour")).toEqual([
      [new Date("2026-06-03T07:00:00Z"), -5.25],
      [new Date("2026-06-02T23:00:00Z"), 0.01],
    ]);
  });

  it("is found by any name of its model", async () => {
    await sql()`insert into models (id, canonical_slug, name) values ('maker/two', 'maker/two-20260101', 'Maker: Two')`;
    const names = ["maker/two", "maker/two-20260101", "Maker: Two"];
    await sql()`insert into model_names (name, model_id) select unnest(${names}::text[]), 'maker/two'`;
    for (const model of names)
      expect(JSON.parse(await textOf(dora.viewer, { ...JUNE, format: "json", model }))).toMatchObject([{ cost: 0.01 }]);
    expect(JSON.parse(await textOf(dora.viewer, { ...JUNE, format: "json", model: "Maker: Three" }))).toEqual([]);
  });
});

/** Speed and breakdowns of a key in June, and a little beside it. */
async function plantDetails(teamId: number, key: number): Promise<void> {
  await sql()`
    insert into performance (team_id, api_key_id, granularity, bucket, model, provider, requests, figures)
    select ${teamId}, ${key}, g.* from (values
      ('hour', '2026-06-03T07:00:00Z'::timestamptz, '=model', null, 3, '{"p90_latency": 1200, "avg_throughput": 1e-7, "p75_latency": 9}'::jsonb),
      ('day', '2026-06-02T00:00:00Z', null, null, null, '{}'),
      ('day', '2026-05-31T00:00:00Z', null, null, 1, '{}'),
      ('hour', '2026-06-30T23:00:00Z', 'maker/late', 'P', 1, '{}')) g`;
  await sql()`
    insert into breakdown_days (team_id, api_key_id, date, dimension, value, model, requests, tokens_input, tokens_output, cost)
    select ${teamId}, ${key}, g.* from (values
      (date '2026-06-03', 'finish_reason', '-stop', 'maker/two', 3, 10, null::int, -0.25),
      ('2026-06-03', 'app', null, null, null, null, null, 1),
      ('2026-07-01', 'app', null, null, null, null, null, 1)) g`;
}

describe("What is known for 31 days", () => {
  const files = (kind: "performance" | "breakdown", format: Input["format"], more: Partial<Input> = {}) =>
    textOf(ann, { ...JUNE, kind, format, ...more });

  beforeAll(async () => {
    await plantDetails(ann.teamId, main);
    await plantDetails(bob.teamId, bobs);
  });

  it("leaves with the figures of speed as an object where a format knows objects", async () => {
    const of = { api_key_id: main, api_key_name: "Main" };
    const rows: unknown = JSON.parse(await files("performance", "json"));
    expect(rows).toEqual([
      {
        ...of,
        granularity: "hour",
        bucket: "2026-06-30T23:00:00Z",
        model: "maker/late",
        provider: "P",
        requests: 1,
        figures: {},
      },
      {
        ...{ ...of, granularity: "hour", bucket: "2026-06-03T07:00:00Z", model: "=model", provider: null, requests: 3 },
        figures: { p90_latency: 1200, avg_throughput: 1e-7, p75_latency: 9 },
      },
      { ...of, granularity: "day", bucket: "2026-06-02", model: null, provider: null, requests: null, figures: {} },
    ]);
    const lines = (await files("performance", "ndjson")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows);
  });

  it("leaves with a column for each figure of speed that has a name otherwise", async () => {
    const [head = "", , line = ""] = (await files("performance", "csv")).split("\r\n");
    expect(head.split(",").slice(0, 7).join()).toBe(
      "api_key_id,api_key_name,granularity,bucket,model,provider,requests",
    );
    expect(head.split(",").slice(7)).toEqual(SPEED_FIGURES);
    const cells = Object.fromEntries(head.split(",").map((name, index) => [name, line.split(",")[index]]));
    expect(cells).toMatchObject({ bucket: "2026-06-03T07:00:00Z", model: "'=model", requests: "3", provider: "" });
    expect(cells).toMatchObject({ p90_latency: "1200", avg_throughput: "0.0000001", p50_latency: "" });
    const workbook = await answerOf(ann, { ...JUNE, kind: "performance", format: "xlsx" });
    expect(workbook.headers.get("content-disposition")).toContain('"performance_2026-06-01_2026-06-30.xlsx"');
    const [sheet] = await readXlsxFile(Buffer.from(await workbook.arrayBuffer()));
    expect(sheet?.sheet).toBe("Performance");
    expect(sheet?.data[2]?.slice(3, 7)).toEqual([new Date("2026-06-03T07:00:00Z"), "=model", null, 3]);
    expect(sheet?.data[3]?.[3]).toEqual(new Date("2026-06-02T00:00:00Z"));
  });

  it("places hours on the days of the timezone, and days where OpenRouter placed them", async () => {
    const buckets = async (timezone: string) =>
      (JSON.parse(await files("performance", "json", { timezone })) as { bucket: string }[]).map(
        ({ bucket }) => bucket,
      );
    expect(await buckets("Europe/Rome")).toEqual(["2026-06-03T07:00:00Z", "2026-06-02"]);
    expect(await buckets("America/New_York")).toEqual(["2026-06-30T23:00:00Z", "2026-06-03T07:00:00Z", "2026-06-02"]);
  });

  it("leaves broken down by day", async () => {
    const of = { api_key_id: main, api_key_name: "Main", date: "2026-06-03" };
    expect(JSON.parse(await files("breakdown", "json"))).toEqual([
      {
        ...of,
        dimension: "app",
        value: null,
        model: null,
        requests: null,
        tokens_input: null,
        tokens_output: null,
        cost: 1,
      },
      {
        ...{ ...of, dimension: "finish_reason", value: "-stop", model: "maker/two" },
        ...{ requests: 3, tokens_input: 10, tokens_output: null, cost: -0.25 },
      },
    ]);
    expect((await files("breakdown", "csv", { model: "maker/two" })).split("\r\n")).toEqual([
      "api_key_id,api_key_name,date,dimension,value,model,requests,tokens_input,tokens_output,cost",
      `${main},Main,2026-06-03,finish_reason,'-stop,maker/two,3,10,,-0.25`,
      "",
    ]);
  });

  it("is found by its key alone, and by one's own", async () => {
    for (const kind of ["performance", "breakdown"] as const) {
      expect(JSON.parse(await files(kind, "json", { api_key_id: sampled }))).toEqual([]);
      await expect(files(kind, "json", { api_key_id: bobs })).rejects.toMatchObject({ code: "forbidden" });
      await expect(files(kind, "json", { api_key_id: 2_147_483_647 })).rejects.toMatchObject({ code: "not_found" });
    }
  });
});

describe("The door of exports", () => {
  it("answers every kind in the shapes that the document describes", async () => {
    const { accessToken, viewer } = await createPerson();
    const key = await plantKey(viewer);
    await plantUsage(viewer, key, [{ hour: "2026-03-03T07:00:00Z" }]);
    await plantDetails(viewer.teamId, key);
    for (const kind of ["usage", "performance", "breakdown"])
      for (const format of ["csv", "json", "ndjson", "xlsx"]) {
        const address = `/api/usage/export?start_date=2026-03-01&end_date=2026-06-30&kind=${kind}&format=${format}`;
        expect([address, (await call("GET", address, { token: accessToken })).status]).toEqual([address, 200]);
      }
  });

  it("writes the dialect of CSV that is asked for, and refuses one in which numbers fall apart", async () => {
    const { accessToken } = await createPerson();
    const get = (query: string) =>
      call("GET", `/api/usage/export?start_date=2026-03-01&end_date=2026-03-04&${query}`, { token: accessToken });
    expect((await get("bom=true&separator=tab&decimal=comma")).text).toMatch(/^date\tapi_key_id\t/);
    expect((await get("")).text).toMatch(/^date,api_key_id,/);
    for (const query of ["decimal=comma", "separator=comma&decimal=comma"]) {
      const refused = await get(query);
      expect([refused.status, refused.json().errors]).toEqual([
        422,
        [{ field: "decimal", message: "comma needs separator=semicolon or separator=tab" }],
      ]);
    }
    for (const query of ["bom=1", "separator=pipe", "kind=everything", "colour=red"])
      expect([query, (await get(query)).status]).toEqual([query, 422]);
  });
});
