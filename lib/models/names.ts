import "server-only";
import { sql } from "@/db/client";

/** Every known name of a model (slug, permaslug, display name) → the slug under which its usage is booked, and back. */
export type ModelNames = { idOf: ReadonlyMap<string, string>; namesOf: ReadonlyMap<string, readonly string[]> };

/** All names that are known now. */
export async function readModelNames(): Promise<ModelNames> {
  const rows = await sql()<{ name: string; model_id: string }[]>`select name, model_id from model_names order by name`;
  const namesOf = new Map<string, string[]>();
  for (const { name, model_id: id } of rows) {
    const names = namesOf.get(id);
    if (names) names.push(name);
    else namesOf.set(id, [name]);
  }
  return { idOf: new Map(rows.map(({ name, model_id: id }) => [name, id])), namesOf };
}

/** The slug of the model that a text of OpenRouter's means; a text that is no model's name stays as it came. */
export const modelIdOf = ({ idOf }: ModelNames, text: string | null): string | null =>
  text === null ? null : (idOf.get(text) ?? text);

/** Everything that a filter may have to say to mean a model: OpenRouter does not settle which of its names filters take. */
export const filterNamesOf = ({ namesOf }: ModelNames, id: string): string[] => [
  ...new Set([...(namesOf.get(id) ?? []), id]),
];
