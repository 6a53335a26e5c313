import { randomInt } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { attachment } from "@/lib/export/attachment";
import type { Row, Table } from "@/lib/export/table";
import { workbookStream } from "@/lib/export/workbook";
import { exportUsage } from "@/lib/usage/read/export-usage";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson } from "./support/world";
import { unzipped } from "./support/zip";

const ROWS = 1_000_000;
const MOST_GROWTH = 100_000_000;
const BYTES_BETWEEN_LOOKS = 2_000_000;

// What is kept, not what waits to be swept, is what grows.
setFlagsFromString("--expose-gc");
const sweep = runInNewContext("gc") as () => void;
const ALL = { start_date: "2020-01-01", end_date: "2029-12-31" };

const table = (rows: AsyncIterable<Row[]>): Table => ({
  title: "Usage",
  columns: [{ name: "figure", type: "number" }],
  rows,
});

describe("A workbook", () => {
  let ann: Viewer;
  beforeAll(async () => {
    ann = (await createPerson()).viewer;
    const key = await plantKey(ann, "R&D <main>");
    await plantUsage(ann, key, [
      { hour: "2026-03-03T10:00:00Z", model: "=1+1", provider: null, requests: null, cost: "0.00000000012345" },
    ]);
  });

  test("holds text as text, figures digit by digit and nothing where nothing was reported", async () => {
    const answer = attachment(await exportUsage(ann, { ...ALL, format: "xlsx" }));
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="usage_2020-01-01_2029-12-31.xlsx"');
    const files = unzipped(Buffer.from(await answer.arrayBuffer()));
    expect(Object.keys(files).sort()).toEqual([
      "[Content_Types].xml",
      "_rels/.rels",
      "xl/_rels/workbook.xml.rels",
      "xl/styles.xml",
      "xl/workbook.xml",
      "xl/worksheets/sheet1.xml",
    ]);
    const sheet = files["xl/worksheets/sheet1.xml"] ?? "";
    expect(sheet).toContain('<t xml:space="preserve">=1+1</t>');
    expect(sheet).not.toContain("<f>");
    expect(sheet).toContain("R&amp;D &lt;main&gt;");
    expect(sheet).toContain("<v>0.00000000012345</v></c>");
    expect(sheet.match(/<row /g)).toHaveLength(2);
  });

  test("goes on in a second sheet where the first is full", async () => {
    async function* rows(): AsyncGenerator<Row[]> {
      for (let row = 0; row < 1_048_576; row += 1024) yield Array.from({ length: 1024 }, () => ({ figure: 1 }));
    }
    const files = unzipped(Buffer.concat(await workbookStream(table(rows())).toArray()));
    const count = (sheet: number) => files[`xl/worksheets/sheet${sheet}.xml`]?.match(/<row /g)?.length;
    expect([count(1), count(2), count(3)]).toEqual([1_048_576, 2, undefined]);
    expect(files["xl/workbook.xml"]).toContain('name="Usage 2"');
  }, 60_000);

  test("breaks off when its source fails, and ends its source when nobody reads on", async () => {
    async function* failing(): AsyncGenerator<Row[]> {
      yield [{ figure: 1 }];
      throw new Error("The database went away");
    }
    await expect(workbookStream(table(failing())).toArray()).rejects.toThrow("The database went away");

    const ended = new EventEmitter();
    const end = once(ended, "end");
    async function* endless(): AsyncGenerator<Row[]> {
      try {
        for (;;) yield [{ figure: randomInt(2 ** 47) }];
      } finally {
        ended.emit("end");
      }
    }
    for await (const _chunk of workbookStream(table(endless()))) break;
    await end;
  });
});

describe("A million rows", () => {
  let bob: Viewer;
  beforeAll(async () => {
    bob = (await createPerson()).viewer;
    const key = await plantKey(bob);
    await sql()`
      insert into usage_stats (team_id, api_key_id, date, model, provider, requests, tokens_input, tokens_output, cost)
      select ${bob.teamId}, ${key}, date '2026-01-01' + n % 365, 'maker/model-' || n / 365, 'Provider', 1, n, 10, n * 0.0000001
      from generate_series(0, ${ROWS - 1}) n`;
    await sql()`analyze usage_stats`;
  }, 240_000);

  test.each(["csv", "xlsx"] as const)(
    "leave as %s in constant memory",
    async (format) => {
      const answer = attachment(await exportUsage(bob, { ...ALL, format }));
      sweep();
      const before = process.memoryUsage();
      let [bytes, looked, lines, heap, outside] = [0, 0, 0, 0, 0];
      for await (const chunk of Readable.fromWeb(answer.body as never) as AsyncIterable<Uint8Array>) {
        bytes += chunk.length;
        if (format === "csv") for (const byte of chunk) if (byte === 10) lines += 1;
        if (bytes - looked < BYTES_BETWEEN_LOOKS) continue;
        looked = bytes;
        sweep();
        const now = process.memoryUsage();
        heap = Math.max(heap, now.heapUsed - before.heapUsed);
        outside = Math.max(outside, now.external - before.external);
      }
      process.stdout.write(
        `${ROWS} rows as ${format}: ${(bytes / 1e6).toFixed(1)} MB, heap +${(heap / 1e6).toFixed(1)} MB, buffers +${(outside / 1e6).toFixed(1)} MB\n`,
      );
      if (format === "csv") expect(lines).toBe(ROWS + 1);
      expect(heap).toBeLessThan(MOST_GROWTH);
      expect(outside).toBeLessThan(MOST_GROWTH);
    },
    240_000,
  );
});
