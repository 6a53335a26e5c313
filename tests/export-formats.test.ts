import fc from "fast-check";
import readXlsxFile from "read-excel-file/node";
import { describe, expect, it } from "vitest";
import { exportChoices } from "@/app/(app)/stats/export-choices";
import { LOCALES } from "@/i18n/locales";
import { plainDecimal } from "@/lib/export/decimal";
import { exportFile } from "@/lib/export/file";
import { readFileOptions } from "@/lib/export/read-options";
import type { FileOptions } from "@/lib/export/schema";
import type { Column, Row, Table } from "@/lib/export/table";
import { unzipped } from "./support/zip";

const COLUMNS: Column[] = [
  { name: "at", type: "date", label: "Date" },
  { name: "name", type: "text" },
  { name: "id", type: "id" },
  { name: "requests", type: "count" },
  { name: "cost", type: "money" },
];

async function* rowsOf(rows: Row[]): AsyncGenerator<Row[]> {
  yield rows;
}

const tableOf = (rows: Row[]): Table => ({ title: "Usage", columns: COLUMNS, rows: rowsOf(rows) });

const bytesOf = async (rows: Row[], options: FileOptions): Promise<Buffer> =>
  Buffer.concat(await exportFile(tableOf(rows), "usage", options).stream.toArray());

const textOf = async (rows: Row[], options: FileOptions) => (await bytesOf(rows, options)).toString("utf8");

const row = (changes: Row = {}): Row => ({
  at: "2026-03-03",
  name: "Web",
  id: 7,
  requests: 2,
  cost: "1.50",
  ...changes,
});

describe("A number in a file", () => {
  it.each([
    ["-0.25", "-0.25"],
    ["-0.00", "0.00"],
    [-0, "0"],
    ["1e-7", "0.0000001"],
    [1e-7, "0.0000001"],
    ["-2.5E-3", "-0.0025"],
    [1e21, "1000000000000000000000"],
    ["12.5e1", "125"],
    ["1.2345e2", "123.45"],
    ["0.00000000012345", "0.00000000012345"],
    ["12345678901234567890.123456789", "12345678901234567890.123456789"],
  ])("%s is written as the plain decimal %s", async (value, written) => {
    expect(plainDecimal(value)).toBe(written);
    expect((await textOf([row({ cost: value })], { format: "csv" })).split("\r\n")[1]).toBe(
      `2026-03-03,Web,7,2,${written}`,
    );
    expect(await textOf([row({ cost: value })], { format: "ndjson" })).toContain(`"cost":${written}}`);
    const sheet = unzipped(await bytesOf([row({ cost: value })], { format: "xlsx" }))["xl/worksheets/sheet1.xml"];
    expect(sheet).toContain(`<v>${written}</v></c></row>`);
  });

  it("keeps its value, however JavaScript writes it", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(plainDecimal(value)).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(plainDecimal(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it("is refused when it is none", () => {
    expect(() => plainDecimal("n/a")).toThrow("not a decimal number");
    expect(() => plainDecimal(Number.NaN)).toThrow("not a decimal number");
  });
});

const startOfFormula = fc
  .tuple(fc.constantFrom("", "=", "+", "-", "@", "\t", "\r"), fc.string())
  .map((parts) => parts.join(""));

describe("CSV", () => {
  it.each(["=1+1", "+1", "-1", "@sum", "\tx", "\rx", "＝1", "－0.25"])(
    "has an apostrophe before the text %j",
    async (name) => {
      const [, cell] = /,"?'([^,"]+)"?,7/.exec(await textOf([row({ name })], { format: "csv" })) ?? [];
      expect(cell).toBe(name);
    },
  );

  it("never holds a formula, and always a number where the column holds numbers", async () => {
    await fc.assert(
      fc.asyncProperty(startOfFormula, fc.integer(), async (name, units) => {
        const told = row({ at: null, id: null, requests: null, name, cost: `${units}` });
        const csv = await textOf([told], { format: "csv" });
        expect(csv.slice(csv.indexOf("\n") + 1)).not.toMatch(/^,"?[=+\-@\t\r]/);
        expect(csv.endsWith(`,,,${units}\r\n`)).toBe(true);
      }),
    );
  });

  it("leaves a cell empty where nothing is known, and zero where it is zero", async () => {
    const unknown = row({ name: null, requests: null, cost: null });
    const lines = (await textOf([unknown, row({ requests: 0, cost: "0" })], { format: "csv" })).split("\r\n");
    expect(lines.slice(1, 3)).toEqual(["2026-03-03,,7,,", "2026-03-03,Web,7,0,0"]);
  });

  it("quotes separators, quotes and line breaks of every kind", async () => {
    const csv = await textOf(
      [row({ name: 'a"b' }), row({ name: "a\nb" }), row({ name: "a\rb" }), row({ name: "a;b" })],
      {
        format: "csv",
        separator: "semicolon",
      },
    );
    for (const cell of [';"a""b";', ';"a\nb";', ';"a\rb";', ';"a;b";']) expect(csv).toContain(cell);
  });

  it("is plain UTF-8 with commas unless another dialect is asked for", async () => {
    const rows = [row({ name: "漢字", cost: "-0.25" })];
    expect(await textOf(rows, { format: "csv" })).toBe("at,name,id,requests,cost\r\n2026-03-03,漢字,7,2,-0.25\r\n");
    expect(await textOf(rows, { format: "csv", bom: true, separator: "semicolon", decimal: "comma" })).toBe(
      "\ufeffat;name;id;requests;cost\r\n2026-03-03;漢字;7;2;-0,25\r\n",
    );
    expect(await textOf(rows, { format: "csv", separator: "tab" })).toBe(
      "at\tname\tid\trequests\tcost\r\n2026-03-03\t漢字\t7\t2\t-0.25\r\n",
    );
  });
});

describe("A workbook", () => {
  it("opens with dates as dates, numbers as numbers, its labels and its name", async () => {
    const file = await bytesOf(
      [row({ at: "2026-03-03T10:00:00Z", cost: "-0.25" }), row({ name: "=1+1", requests: null }), row({ at: null })],
      { format: "xlsx" },
    );
    const [sheet] = await readXlsxFile(file);
    expect(sheet).toEqual({
      sheet: "Usage",
      data: [
        ["Date", "name", "id", "requests", "cost"],
        [new Date("2026-03-03T10:00:00Z"), "Web", 7, 2, -0.25],
        [new Date("2026-03-03T00:00:00Z"), "=1+1", 7, null, 1.5],
        [null, "Web", 7, 2, 1.5],
      ],
    });
  });

  it("has every hour of a day as the full hour", async () => {
    const hours = Array.from({ length: 24 }, (_, hour) => `2026-03-03T${String(hour).padStart(2, "0")}:00:00Z`);
    const [sheet] = await readXlsxFile(
      await bytesOf(
        hours.map((at) => row({ at })),
        { format: "xlsx" },
      ),
    );
    expect(sheet?.data.slice(1).map(([at]) => at)).toEqual(hours.map((hour) => new Date(hour)));
  });

  it("keeps its header in sight, and gives every column a width and a format of its kind", async () => {
    const files = unzipped(await bytesOf([row()], { format: "xlsx" }));
    const sheet = files["xl/worksheets/sheet1.xml"] ?? "";
    expect(sheet).toContain('ySplit="1"');
    expect(sheet.match(/<col /g)).toHaveLength(COLUMNS.length);
    const formats = [...(files["xl/styles.xml"] ?? "").matchAll(/<xf numFmtId="(\d+)"[^>]*xfId/g)].map(([, id]) => id);
    const looks = [...sheet.matchAll(/<c r="\w+"(?: s="(\d)")?><v>/g)].map(([, style]) => formats[Number(style ?? 0)]);
    expect(looks).toEqual(["164", "0", "3", "166"]);
  });
});

describe("The page's choice of files", () => {
  it.each(LOCALES)("has in %s what Excel opens on a double click", (locale) => {
    const options = exportChoices(locale).map(({ file, query }) => [file, readFileOptions(new URLSearchParams(query))]);
    const plain = { bom: false, separator: "comma", decimal: "point" };
    const marks = new Intl.NumberFormat(locale).format(0.5).includes(",")
      ? { separator: "semicolon", decimal: "comma" }
      : { separator: "comma", decimal: "point" };
    expect(options).toEqual([
      ["csv", { format: "csv", ...plain }],
      ["excel", { format: "csv", bom: true, ...marks }],
      ["json", { format: "json", ...plain }],
      ["ndjson", { format: "ndjson", ...plain }],
      ["xlsx", { format: "xlsx", ...plain }],
    ]);
  });

  it.each(["format=doc", "bom=1", "separator=pipe", "decimal=comma", "separator=comma&decimal=comma"])(
    "refuses an address with %s",
    (query) => {
      const refused = expect.objectContaining({ code: "unprocessable" });
      expect(() => readFileOptions(new URLSearchParams(query))).toThrow(refused);
    },
  );
});
