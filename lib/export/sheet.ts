import { DAY_MS } from "@/lib/base/time";
import { plainDecimal } from "./decimal";
import type { Column, ColumnType, Row, Value } from "./table";
import { HEAD, type Look, MAIN, styled } from "./workbook-parts";

/** Widths in characters, enough for what such a column usually holds. */
const WIDTHS: Record<ColumnType, number> = { text: 28, date: 17, id: 12, count: 14, money: 16, number: 14, json: 40 };
const NUMBER_LOOKS: Partial<Record<ColumnType, Look>> = {
  id: "plain",
  count: "count",
  money: "money",
  number: "plain",
};

/** Writes a sheet up to its first row of data: a frozen header, and columns as wide as their type needs. */
export function sheetStart(columns: readonly Column[]): string {
  const headings = columns.map(({ name, label = name }) => label);
  const widths = columns.map(({ type }, index) => Math.max(WIDTHS[type], (headings[index] ?? "").length + 2));
  const cols = widths.map(
    (width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  return [
    `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>`,
    `<cols>${cols.join("")}</cols><sheetData>`,
    `<row r="1">${headings.map((heading, index) => textXml(`${letters(index)}1`, heading, "header")).join("")}</row>`,
  ].join("");
}

export const SHEET_END = "</sheetData></worksheet>";

/**
 * Writes a row; rows are numbered from 1, which is the header's. Cells have their addresses, which the standard leaves
 * optional and some readers need.
 */
export const rowXml = (number: number, row: Row, columns: readonly Column[]): string =>
  `<row r="${number}">${columns.map(({ name, type }, index) => cellXml(letters(index) + number, row[name] ?? null, type)).join("")}</row>`;

/** Null has no cell. Numbers are written digit by digit, and text as text, so that no cell is ever a formula. */
function cellXml(at: string, value: Value, type: ColumnType): string {
  if (value === null) return "";
  const look = NUMBER_LOOKS[type];
  if (look) return `<c r="${at}"${styled(look)}><v>${plainDecimal(value)}</v></c>`;
  const text = String(value);
  if (type !== "date") return textXml(at, text);
  return `<c r="${at}"${styled(text.includes("T") ? "time" : "day")}><v>${serialOf(text)}</v></c>`;
}

const textXml = (at: string, text: string, look: Look = "plain"): string =>
  `<c r="${at}"${styled(look)} t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;

/** The letters of a column by its index from 0: A to Z, AA and so on. */
const letters = (index: number): string =>
  (index < 26 ? "" : letters(Math.floor(index / 26) - 1)) + String.fromCharCode(65 + (index % 26));

/** Day 0 of spreadsheets for dates from March 1900 on. They know no timezones: times are shown in UTC. */
const DAY_ZERO = Date.UTC(1899, 11, 30);

/**
 * Days since then, rounded up at the ninth decimal (less than 0.1 ms): readers that truncate would otherwise show the
 * full hour as 59 minutes and 59 seconds.
 */
const serialOf = (date: string): number => Math.ceil(((Date.parse(date) - DAY_ZERO) / DAY_MS) * 1e9) / 1e9;

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Text within XML; what XML cannot hold at all becomes the replacement character. */
const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 does not allow
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign);
