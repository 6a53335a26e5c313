import { z } from "zod";
import { exampleOf, type JsonSchema } from "./example";

export type { JsonSchema };

/** A zod schema as OpenAPI 3.1 has it (JSON Schema 2020-12): as it comes in, or as it leaves. */
export function jsonSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: "draft-2020-12", unrepresentable: "any" });
  return rest;
}

type ObjectSchema = { properties?: Record<string, JsonSchema>; required?: string[] };

export type Parameter = {
  name: string;
  in: "path" | "query";
  required: boolean;
  description?: string;
  schema: JsonSchema;
  example?: unknown;
};

/** The fields of an object schema as parameters. */
export function parametersOf(schema: z.ZodObject | undefined, place: Parameter["in"]): Parameter[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, "input") as ObjectSchema;
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    ...(typeof description === "string" && { description }),
    schema: property,
    ...((place === "path" || required.includes(name)) && { example: exampleOf(property, name) }),
  }));
}
