import { z } from "zod";
import { cut } from "@/lib/text";

/** What one attribute says; OTLP has other kinds, which nothing of ours needs. */
type Value = { stringValue?: unknown; intValue?: unknown; doubleValue?: unknown };

const Attribute = z.object({ key: z.string(), value: z.looseObject({}) });
const DECIMAL = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const MOST_DIGITS = 40;
const LONGEST_TEXT = 300;

/** The attributes of a span by name. Whole numbers come as JSON numbers or as text, and a zero may come as either kind of number. */
export class Attributes {
  readonly #values = new Map<string, Value>();

  constructor(list: readonly unknown[]) {
    for (const entry of list) {
      const { success, data } = Attribute.safeParse(entry);
      if (success) this.#values.set(data.key, data.value);
    }
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** The first of the names that has a text, cut to 300 characters: names and reasons are short. */
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
      const value = this.#values.get(key);
      const number = value?.doubleValue ?? value?.intValue ?? value?.stringValue;
      const text = typeof number === "number" ? String(number) : number;
      if (typeof text !== "string" || text.length > MOST_DIGITS || !DECIMAL.test(text)) continue;
      if (Number(text) >= 0 && Number.isFinite(Number(text))) return text;
    }
    return null;
  }

  /** The first of the names that has a count. */
  count(...keys: string[]): number | null {
    const text = this.decimal(...keys);
    return text !== null && Number.isSafeInteger(Number(text)) ? Number(text) : null;
  }
}
