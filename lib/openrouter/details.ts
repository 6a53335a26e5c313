import "server-only";
import { z } from "zod";
import { type Query, queryRaw, type Truncated, type Window } from "./analytics";
import type { Call } from "./client";
import { decimal, optional, text } from "./wire";

/** A row of any dimensions and metrics; null = not reported, or the unset part of a dimension. Figures are exact decimal text. */
export type DetailRow = {
  bucket: Date;
  values: Record<string, string | null>;
  figures: Record<string, string | null>;
};

const Value = optional(z.union([text, z.number().transform(String), z.boolean().transform(String)]));
const Figure = optional(decimal);

/** `POST /analytics/query` for what is not summed with usage: speed and breakdowns. Rows without a time are left out. */
export async function queryDetails(
  secret: string,
  query: Query,
  window: Window,
  call: Call,
): Promise<{ rows: DetailRow[] } | Truncated> {
  const told = await queryRaw(secret, query, window, call);
  if ("truncated" in told) return told;
  return {
    rows: told.rows.flatMap(({ hour: bucket, raw }) => {
      const pick = <T>(names: readonly string[], schema: z.ZodType<T>) =>
        Object.fromEntries(names.map((name) => [name, schema.parse(raw[name])]));
      return bucket ? [{ bucket, values: pick(query.dimensions, Value), figures: pick(query.metrics, Figure) }] : [];
    }),
  };
}
