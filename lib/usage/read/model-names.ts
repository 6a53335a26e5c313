import "server-only";
import { sql } from "@/db/client";
import type { Fragment } from "@/db/fragment";

/**
 * The names under which usage of some models is booked, as an array to compare with (`model = any(…)`). Each model may be given by its slug, permaslug or
 * display name; a name that OpenRouter's list does not have stands for itself.
 */
export const bookedModels = (names: readonly string[]): Fragment => sql()`array(
  select coalesce(known.model_id, asked.name)
  from unnest(${names}::text[]) asked (name) left join model_names known on known.name = asked.name)`;

/** The same for a page's filters, so that what is chosen is named as what there is to choose from. */
export async function bookedNames(names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const [row] = await sql()<{ names: string[] }[]>`select ${bookedModels(names)} as names`;
  return [...new Set(row?.names)];
}
