/** What stands in a cell, and its attributes. */
export type RawCell = { tag?: "td" | "th"; text: string; attributes?: Record<string, string> };

/**
 * The body of a table of figures as one piece of markup. React would describe each of its hundreds of cells to the browser once more, and there
 * take over what never changes. Everything that is given is escaped. Quotes are single, because the markup travels within a string, too, where
 * double ones would grow.
 */
export function RawBody({ rows }: { rows: RawCell[][] }) {
  const html = rows.map((cells) => `<tr>${cells.map(cellOf).join("")}</tr>`).join("");
  // biome-ignore lint/security/noDangerouslySetInnerHtml: made of escaped texts alone
  return <tbody dangerouslySetInnerHTML={{ __html: html }} />;
}

function cellOf({ tag = "td", text, attributes = {} }: RawCell): string {
  const told = Object.entries(attributes).map(([name, value]) => ` ${name}='${escaped(value)}'`);
  return `<${tag}${told.join("")}>${escaped(text)}</${tag}>`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;" };
const escaped = (text: string): string => text.replace(/[&<>']/g, (sign) => ENTITIES[sign] ?? sign);
