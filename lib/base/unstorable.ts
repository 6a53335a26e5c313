import "server-only";
import type { FieldError } from "./errors";
import { NULL_BYTE } from "./null-byte";
import { isStorable } from "./text";

/** JSON can say half a character, `"\ud83d"`, which no text in UTF-8 holds. */
const HALF_CHARACTER = "may not contain half a character";

/**
 * The first field, however deep, whose text PostgreSQL could not hold: what a person types is refused rather than changed. `whole` is the name
 * of what was given where that is such a text itself.
 */
export function unstorableField(given: unknown, whole: string): FieldError | undefined {
  const found: [field: string, value: unknown][] = [["", given]];
  // Grows while it is walked: nested arrays may be deeper than the stack.
  for (const [field, value] of found) {
    if (typeof value === "string" && !isStorable(value)) {
      return { field: field || whole, message: value.includes("\0") ? NULL_BYTE : HALF_CHARACTER };
    }
    if (typeof value !== "object" || value === null) continue;
    for (const [name, inner] of Object.entries(value)) found.push([Array.isArray(value) ? field : name, inner]);
  }
  return undefined;
}
