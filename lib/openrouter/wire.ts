import { z } from "zod";
import { isDecimal } from "@/lib/base/money";
import { cut } from "@/lib/base/text";
import { UpstreamError } from "./errors";

/**
 * OpenRouter's values as they really come: counts as text or number, money as number, fields missing or null. Absent stays null.
 */

/** Longer than any name; several of them still fit into one entry of an index. */
const LONGEST_TEXT = 300;

/** Every text of OpenRouter's: names, models, ids. Well-formed, and cut to 300 characters; PostgreSQL refuses a whole statement for one text that is not. */
export const text = z.string().transform((value) => cut(value, LONGEST_TEXT));

/** Exact decimal text of a number, or of text that is one, within what `numeric` holds. */
export const decimal = z
  .union([z.number(), z.string().trim().refine(isDecimal, "is not a number")])
  .transform((value) => String(value));

/** A whole number, sent as number or text. */
export const count = z
  .union([z.number(), z.string().trim().refine(isDecimal, "is not a number").transform(Number)])
  .refine((value) => Number.isSafeInteger(value) && value >= 0, "is not a count");

/** Null for a missing value and for one of an unexpected kind: one odd field must not cost the rest. */
export const optional = <T extends z.ZodType>(schema: T) =>
  schema
    .nullish()
    .catch(null)
    .transform((value) => value ?? null);

/** Null for a missing value; an unexpected kind makes the row bad. */
export const absent = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null);

/** Years of four digits: PostgreSQL reads no others as JavaScript writes them. */
const END_OF_TIME = Date.parse("9999-12-31T23:59:59Z");

/** An instant since 1970: `2026-05-19`, `2026-08-30 14:00:00` (UTC though it names no zone), or ISO 8601. */
export const instant = z.string().transform((value, context) => {
  const zoned = /(z|[+-]\d\d:?\d\d)$/i.test(value);
  const iso = value.trim().replace(" ", "T");
  const time = Date.parse(iso.length === 10 ? `${iso}T00:00:00Z` : zoned ? iso : `${iso}Z`);
  if (time >= 0 && time < END_OF_TIME) return new Date(time);
  context.addIssue({ code: "custom", message: "is not a time" });
  return z.NEVER;
});

/** Parses a whole answer; what does not fit is OpenRouter's fault, and told as such. */
export function parseAnswer<T extends z.ZodType>(schema: T, body: unknown, what: string): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new UpstreamError(
    "malformed",
    `OpenRouter's answer about ${what} lacks ${issue?.path.join(".") || "its data"}`,
    200,
  );
}
