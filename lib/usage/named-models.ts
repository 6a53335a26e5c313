import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";

/**
 * The models that are meant by slugs, permaslugs or display names, as an array in SQL. Unknown names stay as they are.
 */
export const namedModels = (names: readonly string[]): Fragment => sql()`
  array(select coalesce((select model_id from model_names where model_names.name = asked.name), asked.name)
    from unnest(${[...names]}::text[]) as asked(name))`;
