export type JsonSchema = { [key: string]: unknown };

/** Values that read well where the schema alone would give "text". */
const BY_NAME: Record<string, unknown> = {
  api_key_name: "Production",
  api_key_id: 1,
  code: "123456",
  cost: 1.25,
  description: "Web shop",
  email: "ann@example.com",
  end_date: "2026-03-31",
  interval: "day",
  key: `sk-or-v1-${"0".repeat(64)}`,
  model: "openai/gpt-5",
  name: "Production",
  password: "Correct-Horse-9-Battery",
  password_confirm: "Correct-Horse-9-Battery",
  prefix: "or_api_AbC123",
  provider: "OpenAI",
  start_date: "2026-03-01",
  timezone: "UTC",
  token: "or_api_…",
};

const BY_FORMAT: Record<string, string> = {
  date: "2026-03-01",
  "date-time": "2026-03-01T12:00:00Z",
  email: "ann@example.com",
  uri: "https://example.com",
  uuid: "123e4567-e89b-42d3-a456-426614174000",
};

const list = (value: unknown): JsonSchema[] => (Array.isArray(value) ? (value as JsonSchema[]) : []);

/** A plausible value that the schema accepts. */
export function exampleOf(schema: JsonSchema, name = ""): unknown {
  if ("example" in schema) return schema.example;
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const [choice] = [...list(schema.anyOf), ...list(schema.oneOf)].filter(({ type }) => type !== "null");
  if (choice) return exampleOf(choice, name);
  const parts = list(schema.allOf);
  if (parts.length > 0 && !schema.properties) return exampleOf(Object.assign({}, ...parts) as JsonSchema, name);
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).map(([field, property]) => [
          field,
          exampleOf(property, field),
        ]),
      );
    case "array":
      return [exampleOf((schema.items ?? {}) as JsonSchema, name)];
    case "boolean":
      return true;
    case "integer":
    case "number":
      return numberOf(schema, BY_NAME[name]);
    case "string":
      return textOf(schema, BY_NAME[name]);
    default:
      return BY_NAME[name] ?? null;
  }
}

function numberOf({ minimum, maximum, type }: JsonSchema, named: unknown): number {
  if (typeof named === "number") return named;
  const usual = type === "integer" ? 12 : 0.5;
  return Math.min(
    Math.max(usual, typeof minimum === "number" ? minimum : usual),
    typeof maximum === "number" ? maximum : usual,
  );
}

function textOf({ format, pattern, minLength }: JsonSchema, named: unknown): string {
  if (typeof named === "string") return named;
  if (typeof format === "string" && BY_FORMAT[format]) return BY_FORMAT[format];
  if (typeof pattern === "string" && pattern.includes("32")) return "A".repeat(32);
  return "text".padEnd(typeof minLength === "number" ? minLength : 0, "x");
}
