/** PostgreSQL holds no null byte in a text, so none passes a door. Safe for the browser. */
export const NULL_BYTE = "may not contain a null byte";

/** The name of the first field, however deep, with a null byte in its text; "" where what was given is such a text itself. */
export function fieldWithNullByte(given: unknown): string | undefined {
  const found: [field: string, value: unknown][] = [["", given]];
  // Grows while it is walked: nested arrays may be deeper than the stack.
  for (const [field, value] of found) {
    if (typeof value === "string" && value.includes("\0")) return field;
    if (typeof value !== "object" || value === null) continue;
    for (const [name, inner] of Object.entries(value)) found.push([Array.isArray(value) ? field : name, inner]);
  }
  return undefined;
}

/** The same of a single text, for a schema: `.refine(...withoutNullByte)`. */
export const withoutNullByte = [(text: string) => fieldWithNullByte(text) === undefined, NULL_BYTE] as const;
