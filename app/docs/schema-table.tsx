import type { JsonSchema } from "@/lib/openapi/json-schema";

export type Field = {
  name: string;
  place: string;
  isRequired: boolean;
  schema: JsonSchema;
  description?: string | undefined;
};

/** What a schema accepts, in a few words. */
export function typeOf(schema: JsonSchema): string {
  if (Array.isArray(schema.enum)) return schema.enum.map(String).join(" | ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return [...new Set((choices as JsonSchema[]).map(typeOf))].join(" | ");
  const words = [schema.type ?? "any"].flat().map(String);
  if (schema.type === "array" && schema.items) words.push(`of ${typeOf(schema.items as JsonSchema)}`);
  if (typeof schema.format === "string") words.push(`(${schema.format})`);
  if (schema.minimum !== undefined || schema.maximum !== undefined)
    words.push(`${schema.minimum ?? "…"} to ${schema.maximum ?? "…"}`);
  if (schema.default !== undefined) words.push(`= ${JSON.stringify(schema.default)}`);
  return words.join(" ");
}

/** Parameters or fields of a body. */
export function SchemaTable({ label, fields }: { label: string; fields: Field[] }) {
  return (
    <table className="w-full text-left text-sm">
      <thead className="text-xs text-muted">
        <tr>
          <th scope="col" className="py-1 pr-4 font-medium">
            {label}
          </th>
          <th scope="col" className="py-1 pr-4 font-medium">
            In
          </th>
          <th scope="col" className="py-1 font-medium">
            Type
          </th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ name, place, isRequired, schema, description }) => (
          <tr key={`${place}-${name}`} className="border-t border-line align-top">
            <th scope="row" className="py-1.5 pr-4 font-mono text-xs font-medium break-all">
              {name}
              {isRequired && <span className="ml-1 font-sans text-danger">required</span>}
            </th>
            <td className="py-1.5 pr-4 text-xs text-muted">{place}</td>
            <td className="py-1.5 text-xs">
              <span className="break-all">{typeOf(schema)}</span>
              {description && <p className="text-muted">{description}</p>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
