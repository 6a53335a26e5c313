import "server-only";
import { Readable } from "node:stream";
import yazl from "yazl";

/** A cell: text, or a number as it is to be written, digit by digit. Null leaves it empty. */
export type Cell = { text: string } | { number: string } | null;

/** What Excel holds in one sheet; the rest goes on in the next. */
const MOST_ROWS = 1_048_576;
/** How much of a sheet is handed on at once. */
const CHUNK = 64 * 1024;
/** Figures pack well at the quickest level already; better ones take twice the time for a tenth. */
const ZIPPED = { compress: true, compressionLevel: 1 };

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/**
 * Rows as an Office Open XML workbook (ECMA-376), written while it is read: nothing but the rows at hand is kept. Text is written as text,
 * so that no cell is ever a formula. Whoever destroys the stream ends the source.
 */
export function workbookStream(header: readonly string[], source: AsyncIterable<Cell[]>): Readable {
  const zip = new yazl.ZipFile();
  const rows = source[Symbol.asyncIterator]();
  // Typed as a plain readable stream; it is Node's own.
  const output = zip.outputStream as Readable;
  let sheet: Readable | undefined;
  const end = (error?: Error | null) => {
    sheet?.destroy();
    if (error) output.destroy(error);
    void rows.return?.();
  };
  output.once("close", () => end());
  zip.once("error", end);

  const addSheet = (number: number, first: IteratorResult<Cell[]>) => {
    const rest = { next: first };
    sheet = Readable.from(sheetXml(header, rows, rest), { objectMode: false, highWaterMark: CHUNK });
    sheet.once("error", end);
    // The next part is known only when this one has come to its end.
    sheet.once("end", () => (rest.next.done ? finish(number) : addSheet(number + 1, rest.next)));
    zip.addReadStream(sheet, `xl/worksheets/sheet${number}.xml`, ZIPPED);
  };
  const finish = (sheets: number) => {
    for (const [path, xml] of packageParts(sheets)) zip.addBuffer(Buffer.from(xml), path, ZIPPED);
    zip.end();
  };
  rows.next().then((first) => addSheet(1, first), end);
  return output;
}

/** One sheet, as full as it may be; `rest.next` is then the row that did not fit, or the end. */
async function* sheetXml(
  header: readonly string[],
  rows: AsyncIterator<Cell[]>,
  rest: { next: IteratorResult<Cell[]> },
): AsyncGenerator<Buffer> {
  let xml = `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`;
  xml += rowXml(header.map((text) => ({ text })));
  for (let count = 1; count < MOST_ROWS && !rest.next.done; count++) {
    xml += rowXml(rest.next.value);
    rest.next = await rows.next();
    if (xml.length > CHUNK) {
      yield Buffer.from(xml);
      xml = "";
    }
  }
  yield Buffer.from(`${xml}</sheetData></worksheet>`);
}

const rowXml = (cells: Cell[]): string => `<row>${cells.map(cellXml).join("")}</row>`;

function cellXml(cell: Cell): string {
  if (cell === null) return "<c/>";
  if ("number" in cell) return `<c><v>${cell.number}</v></c>`;
  return `<c t="inlineStr"><is><t xml:space="preserve">${escaped(cell.text)}</t></is></c>`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Text within XML; what XML cannot hold at all becomes the replacement character. */
const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 does not allow
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign);

/** The parts that make sheets a workbook. */
function packageParts(sheets: number): [string, string][] {
  const each = (xml: (number: number) => string) =>
    Array.from({ length: sheets }, (_, index) => xml(index + 1)).join("");
  const name = (number: number) => (sheets === 1 ? "Usage" : `Usage ${number}`);
  return [
    [
      "[Content_Types].xml",
      `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${MEDIA}.sheet.main+xml"/>${each((number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${MEDIA}.worksheet+xml"/>`)}</Types>`,
    ],
    [
      "_rels/.rels",
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      "xl/workbook.xml",
      `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${each((number) => `<sheet name="${name(number)}" sheetId="${number}" r:id="rId${number}"/>`)}</sheets></workbook>`,
    ],
    [
      "xl/_rels/workbook.xml.rels",
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${each((number) => `<Relationship Id="rId${number}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${number}.xml"/>`)}</Relationships>`,
    ],
  ];
}
