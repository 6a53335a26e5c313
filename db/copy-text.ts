import { wellFormed } from "@/lib/base/text";

/** COPY's marks for what would end a value or a row. */
const ESCAPED: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A row as PostgreSQL's COPY reads it in its text format; null is null, an empty text is not. */
export const copyLine = (values: (string | number | null)[]): string => `${values.map(copyValue).join("\t")}\n`;

const copyValue = (value: string | number | null): string | number => {
  if (typeof value !== "string") return value ?? "\\N";
  const text = wellFormed(value);
  return /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (mark) => ESCAPED[mark] ?? mark) : text;
};
