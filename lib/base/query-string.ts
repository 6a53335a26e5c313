import { z } from "zod";

/**
 * What a page shows lives in its address. Safe for the browser. Whoever wrote an address by hand is forgiven: a part that makes no sense is as good
 * as absent.
 */

export type SearchParams = Record<string, string | string[] | undefined>;

/** An address may name a thing once or as a list of one. */
export const one = <T extends z.ZodType>(schema: T) => z.preprocess((given) => [given].flat()[0], schema);

export const absent = <T extends z.ZodType>(schema: T) => one(schema.optional().catch(undefined));

/** Every value that makes sense, each once. */
export const several = <T extends z.ZodType>(schema: T) =>
  z
    .unknown()
    .optional()
    .transform((given): z.output<T>[] => {
      const parsed = [given].flat().map((value) => schema.safeParse(value));
      return [...new Set(parsed.flatMap((result) => (result.success ? [result.data] : [])))];
    });

/** Which page of a list, from 1. */
export const PageNumber = one(z.coerce.number().int().min(1).max(1_000_000).catch(1));

/** The query of an address with some parts changed; null takes a part away. Defaults are left out, so that addresses stay short. */
export function changedQuery(params: SearchParams, changes: Record<string, string | number | null>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...params, ...changes })) {
    for (const part of Array.isArray(value) ? value : [value]) {
      if (part !== undefined && part !== null && part !== "") query.append(name, String(part));
    }
  }
  const text = query.toString();
  return text ? `?${text}` : "?";
}
