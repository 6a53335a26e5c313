import type { Money } from "@/lib/base/money";
import { LONGEST_LABEL } from "./schema";

const CHARACTER_WIDTH = 6.6;
const PADDING = 10;

const escapeXml = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, " ").replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const widthOf = (text: string): number => Math.ceil([...text].length * CHARACTER_WIDTH) + PADDING;

/** Text of two decimals → what the right field says. Null: nobody has read anything of this month, which is not the same as nothing. */
const shownCost = (cost: Money | null): string =>
  cost === null ? "no data" : `${cost.startsWith("-") ? "-" : ""}$${cost.replace("-", "")} / month`;

/** A flat badge of two fields as SVG: whose spend, and how much this month. `cost` in USD, rounded to cents. */
export function drawBadge(label: string, cost: Money | null): string {
  const shown = [...label].length > LONGEST_LABEL ? `${[...label].slice(0, LONGEST_LABEL - 1).join("")}…` : label;
  const value = shownCost(cost);
  const left = widthOf(shown);
  const right = widthOf(value);
  const field = (text: string, x: number, width: number, fill: string) =>
    `<rect x="${x}" width="${width}" height="20" fill="${fill}"/>` +
    `<text x="${x + width / 2}" y="14" text-anchor="middle">${escapeXml(text)}</text>`;
  const title = escapeXml(`${shown}: ${value}`);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${title}">` +
    `<title>${title}</title><g fill="#fff" font-family="Verdana,Geneva,sans-serif" font-size="11">` +
    `${field(shown, 0, left, "#3f3f46")}${field(value, left, right, "#4f46e5")}</g></svg>`
  );
}
