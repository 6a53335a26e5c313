import { z } from "zod";
import { isDecimal } from "@/lib/base/money";
import { cut } from "@/lib/base/text";

/** What one attribute says; OTLP has other kinds, which nothing of ours needs. */
type Value = { stringValue?: unknown; intValue?: unknown; doubleValue?: unknown };

const Attribute = z.object({ key: z.string(), value: z.looseObject({}) });
const LONGEST_TEXT = 300;

/** The attributes of a span by name. Numbers come as JSON numbers or as text, and a zero may come as either kind of number. */
export class Attributes {
  readonly #values = new Map<string, Value>();

  constructor(list: readonly unknown[]) {
    for (const entry of list) {
      const { success, data } = Attribute.safeParse(entry);
      if (success) this.#values.set(data.key, data.value);
    }
  }

  /** The first of the names that has a text, well-formed and cut to 300 characters: names and reasons are short. */
  text(...keys: string[]): string | null {
    for (const key of keys) {
      const value = this.#values.get(key)?.stringValue;
      const text = typeof value === "string" ? cut(value, LONGEST_TEXT) : "";
      if (text !== "") return text;
    }
    return null;
  }

  /** The first of the names that has a number of at least 0, as exact decimal text. */
  decimal(...keys: string[]): string | null {
    for (const key of keys) {
      const { doubleValue, intValue, stringValue } = this.#values.get(key) ?? {};
      for (const value of [doubleValue, intValue, stringValue]) {
        const text = typeof value === "number" ? String(value) : value;
        if (typeof text === "string" && isDecimal(text.trim()) && Number(text) >= 0) return text.trim();
      }
    }
    return null;
  }

  /** The first of the names that has a count. */
  count(...keys: string[]): number | null {
    const text = this.decimal(...keys);
    return text !== null && Number.isSafeInteger(Number(text)) ? Number(text) : null;
  }
}
