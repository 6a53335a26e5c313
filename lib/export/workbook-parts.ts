/** The parts of an Office Open XML workbook (ECMA-376) beside its sheets. */

export const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
export const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** Styles of cells by their index: number format (ECMA-376 18.8.30; our own from 164) and font (1 is bold). */
const LOOKS = {
  plain: { format: 0, font: 0 },
  header: { format: 0, font: 1 },
  count: { format: 3, font: 0 },
  day: { format: 164, font: 0 },
  time: { format: 165, font: 0 },
  money: { format: 166, font: 0 },
} as const;

export type Look = keyof typeof LOOKS;

/** The attribute that gives a cell its style. */
export const styled = (look: Look): string => (look === "plain" ? "" : ` s="${Object.keys(LOOKS).indexOf(look)}"`);

const OWN_FORMATS: Record<number, string> = {
  164: "yyyy-mm-dd",
  165: "yyyy-mm-dd hh:mm",
  166: "&quot;$&quot;#,##0.00########",
};

const STYLES = [
  `<numFmts count="${Object.keys(OWN_FORMATS).length}">`,
  ...Object.entries(OWN_FORMATS).map(([id, code]) => `<numFmt numFmtId="${id}" formatCode="${code}"/>`),
  '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>',
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>',
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
  `<cellXfs count="${Object.keys(LOOKS).length}">`,
  ...Object.values(LOOKS).map(
    ({ format, font }) =>
      `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`,
  ),
  '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
].join("");

/** Paths and contents of the parts that make a workbook of so many sheets. */
export function packageParts(title: string, sheets: number): [string, string][] {
  const each = (xml: (number: number) => string) =>
    Array.from({ length: sheets }, (_, index) => xml(index + 1)).join("");
  const name = (number: number) => (sheets === 1 ? title : `${title} ${number}`);
  return [
    [
      "[Content_Types].xml",
      `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${MEDIA}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${MEDIA}.styles+xml"/>${each((number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${MEDIA}.worksheet+xml"/>`)}</Types>`,
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
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${each((number) => `<Relationship Id="rId${number}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${number}.xml"/>`)}<Relationship Id="styles" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    ],
    ["xl/styles.xml", `${HEAD}<styleSheet xmlns="${MAIN}">${STYLES}</styleSheet>`],
  ];
}
