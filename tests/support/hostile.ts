import fc from "fast-check";
import type { Operation } from "@/lib/openapi/document";
import type { JsonSchema, Parameter } from "@/lib/openapi/json-schema";

/** What people type who mean no good, and what programs send that mean nothing. */
const HOSTILE_TEXT = [
  "",
  " ",
  "0",
  "-1",
  "1.5",
  "1e309",
  "NaN",
  "99999999999999999999",
  "2147483648",
  "9007199254740993",
  "' or 1=1 --",
  "'; drop table usage_hours; --",
  '"',
  "\\",
  "%",
  "_",
  "\0",
  "a\0b",
  "\r\nSet-Cookie: a=b",
  "<script>alert(1)</script>",
  "../../etc/passwd",
  "{{7*7}}",
  "💥".repeat(50),
  "\u202Egnp.exe",
  "\uFEFF\uFFFF",
  "\uD800",
  "e\u0301",
  "ﬃ",
  "x".repeat(5_000),
  "null",
  "true",
  "[]",
  "2026-02-30",
  "0000-01-01",
  "9999-12-31",
  "-271821-04-20",
  "__proto__",
  "constructor",
];

const hostileText = fc.oneof(fc.constantFrom(...HOSTILE_TEXT), fc.string({ unit: "binary", maxLength: 60 }));

const hostileValue = fc.oneof(
  hostileText,
  fc.constantFrom(null, true, 0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER, -0.1, 2 ** 31),
  fc.constantFrom([], {}, [[[]]], { toString: "x" }, { __proto__: null, a: 1 }),
  fc.array(hostileText, { maxLength: 5 }),
  fc.jsonValue({ maxDepth: 4 }),
);

const PLAUSIBLE: Record<string, fc.Arbitrary<string>> = {
  timezone: fc.constantFrom("UTC", "Europe/Berlin", "asia/kolkata", "Pacific/Apia", "EST5EDT", "Factory", "posixrules"),
  model: fc.constantFrom("openai/gpt-5", "none"),
};

/** A value that the schema might accept, as the text of a query. */
function plausible(name: string, schema: JsonSchema): fc.Arbitrary<string> {
  const known = PLAUSIBLE[name];
  if (known) return known;
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum.map(String));
  if (schema.format === "date")
    return fc.constantFrom("1970-01-01", "2026-02-28", "2026-03-01", "2026-03-31", "9998-12-31");
  if (schema.type === "integer" || schema.type === "number") {
    return fc
      .oneof(fc.integer({ min: 1, max: 400 }), fc.constantFrom(Number(schema.maximum ?? 2 ** 31 - 1)))
      .map(String);
  }
  return fc.string({ maxLength: 12 });
}

type Pair = [string, string];

/** Query parameters: left out, plausible, hostile, twice, unknown. */
function queryOf(parameters: Parameter[]): fc.Arbitrary<Pair[]> {
  const each = parameters
    .filter((parameter) => parameter.in === "query")
    .map(({ name, schema }) => {
      const good = plausible(name, schema);
      return fc.oneof(
        { weight: 4, arbitrary: good.map((value): Pair[] => [[name, value]]) },
        { weight: 3, arbitrary: fc.constant<Pair[]>([]) },
        { weight: 2, arbitrary: hostileText.map((value): Pair[] => [[name, value]]) },
        {
          weight: 1,
          arbitrary: fc.tuple(good, hostileText).map(([a, b]): Pair[] => [
            [name, a],
            [name, b],
          ]),
        },
      );
    });
  const unknown = fc.oneof(
    { weight: 9, arbitrary: fc.constant<Pair[]>([]) },
    { weight: 1, arbitrary: fc.tuple(hostileText, hostileText).map((pair): Pair[] => [pair]) },
  );
  return fc.tuple(...each, unknown).map((pairs) => pairs.flat());
}

const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

/** Bodies: objects with some right and some wrong fields, and what is no object or no JSON at all. */
function bodyOf(schema: JsonSchema | undefined): fc.Arbitrary<string | undefined> {
  if (!schema)
    return fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constant("{}") });
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const fields = Object.entries(properties).map(([name, property]) =>
    fc
      .option(fc.oneof({ weight: 2, arbitrary: plausible(name, property) }, { weight: 3, arbitrary: hostileValue }), {
        nil: undefined,
      })
      .map((value) => [name, value] as const),
  );
  const object = fc.tuple(...fields).map((entries) => JSON.stringify(Object.fromEntries(entries)));
  return fc.oneof(
    { weight: 20, arbitrary: object },
    { weight: 3, arbitrary: hostileValue.map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: hostileText },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        deep(50),
        deep(9_000),
        "[".repeat(60_000),
        '{"name":"x","name":"y"}',
        '{"__proto__":{"x":1}}',
      ),
    },
  );
}

export type HostileCase = {
  params: Record<string, string>;
  query: Pair[];
  body: string | undefined;
  type: string;
  tokenKind: number;
};

/** Random and hostile input for an operation of the document. */
export function hostileCases(operation: Operation): fc.Arbitrary<HostileCase> {
  const parameters = operation.parameters ?? [];
  const paths = parameters
    .filter((parameter) => parameter.in === "path")
    .map(({ name }) =>
      fc
        .oneof(fc.integer({ min: 1, max: 50 }).map(String), hostileText)
        .map(
          (text): Pair => [
            name,
            /^\.{0,2}$|^[\uD800-\uDFFF]|[\uD800-\uDFFF](?![\uDC00-\uDFFF])/.test(text) ? "x" : text,
          ],
        ),
    );
  return fc.record({
    params: fc.tuple(...paths).map((pairs) => Object.fromEntries(pairs)),
    query: queryOf(parameters),
    body: bodyOf(operation.requestBody?.content["application/json"]?.schema),
    type: fc.constantFrom(
      ...Array<string>(9).fill("application/json"),
      "text/plain",
      "application/json; charset=utf-16",
      "multipart/form-data",
    ),
    tokenKind: fc.integer({ min: 0, max: 9 }),
  });
}
