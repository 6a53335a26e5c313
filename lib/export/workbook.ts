import "server-only";
import { Readable } from "node:stream";
import yazl from "yazl";
import { rowXml, SHEET_END, sheetStart } from "./sheet";
import type { Column, Row, Table } from "./table";
import { packageParts } from "./workbook-parts";

/** What Excel holds in one sheet; the rest goes on in the next. */
const MOST_ROWS = 1_048_576;
/** How much of a sheet is handed on at once. */
const CHUNK = 64 * 1024;
/** A quick level: better ones take up to twice the time for a tenth. */
const ZIPPED = { compress: true, compressionLevel: 2 };

/**
 * Writes a table as an Office Open XML workbook (ECMA-376) while it is read: only the rows at hand are in memory.
 * Destroying the stream ends the source.
 */
export function workbookStream({ title, columns, rows: chunks }: Table): Readable {
  const zip = new yazl.ZipFile();
  const rows = eachRow(chunks);
  // Typed as a plain readable stream; it is Node's own.
  const output = zip.outputStream as Readable;
  let sheet: Readable | undefined;
  const end = (error?: Error | null) => {
    sheet?.destroy();
    if (error) output.destroy(error);
    void rows.return(undefined);
  };
  output.once("close", () => end());
  zip.once("error", end);

  const addSheet = (number: number, first: IteratorResult<Row>) => {
    const rest = { next: first };
    sheet = Readable.from(sheetXml(columns, rows, rest), { objectMode: false, highWaterMark: CHUNK });
    sheet.once("error", end);
    // The next part is known only when this one has come to its end.
    sheet.once("end", () => (rest.next.done ? finish(number) : addSheet(number + 1, rest.next)));
    zip.addReadStream(sheet, `xl/worksheets/sheet${number}.xml`, ZIPPED);
  };
  const finish = (sheets: number) => {
    for (const [path, xml] of packageParts(title, sheets)) zip.addBuffer(Buffer.from(xml), path, ZIPPED);
    zip.end();
  };
  rows.next().then((first) => addSheet(1, first), end);
  return output;
}

async function* eachRow(chunks: AsyncIterable<Row[]>): AsyncGenerator<Row, undefined> {
  for await (const chunk of chunks) yield* chunk;
}

/** One sheet, as full as it may be; `rest.next` is then the row that did not fit, or the end. */
async function* sheetXml(
  columns: readonly Column[],
  rows: AsyncIterator<Row>,
  rest: { next: IteratorResult<Row> },
): AsyncGenerator<Buffer> {
  let xml = sheetStart(columns);
  for (let number = 2; number <= MOST_ROWS && !rest.next.done; number++) {
    xml += rowXml(number, rest.next.value, columns);
    rest.next = await rows.next();
    if (xml.length > CHUNK) {
      yield Buffer.from(xml);
      xml = "";
    }
  }
  yield Buffer.from(xml + SHEET_END);
}
