import { z } from "zod";

/** `page` from 1, `limit` 1–1000: the same for every list. The upper bound of `page` keeps the offset within what PostgreSQL counts. */
export const pageFields = {
  page: z.coerce.number().int().min(1, "must be at least 1").max(1_000_000_000, "is too large").default(1),
  limit: z.coerce.number().int().min(1, "must be at least 1").max(1000, "must be at most 1000").default(100),
};

export const PageQuery = z.strictObject(pageFields);

/** The one shape of every list; `pages` is 0 when it is empty. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    pagination: z.object({ page: z.int(), limit: z.int(), total: z.int(), pages: z.int() }),
  });

export type Page = { page: number; limit: number };

/** A page of items with its place in the whole. */
export function pageOf<T>(items: T[], { page, limit }: Page, total: number) {
  return { items, pagination: { page, limit, total, pages: Math.ceil(total / limit) } };
}
