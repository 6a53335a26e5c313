import { z } from "zod";

/** The query of every list. Pages beyond what any table holds are refused before the database has to count that far. */
export const PageQuery = z.object({
  page: z.coerce.number().int().min(1).max(10_000_000).default(1),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

export type Page = z.output<typeof PageQuery>;

/** The answer of every list. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    pagination: z.object({ page: z.int(), limit: z.int(), total: z.int(), pages: z.int() }),
  });

/** Items and the counts around them; `pages` is 0 when there is nothing. */
export const paginated = <T>(items: T[], total: number, { page, limit }: Page) => ({
  items,
  pagination: { page, limit, total, pages: Math.ceil(total / limit) },
});

/** How many rows stand before a page. */
export const offsetOf = ({ page, limit }: Page): number => (page - 1) * limit;
