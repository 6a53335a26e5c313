import { STATUS_CODES } from "node:http";
import { PERSONAL } from "@/lib/access/permissions";
import type { Door, RouteSpec } from "@/lib/http/spec";
import { exampleOf } from "./example";
import { type JsonSchema, jsonSchema } from "./json-schema";

export const PROBLEM: JsonSchema = {
  type: "object",
  description: "RFC 9457",
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "One plain sentence" },
    instance: { type: "string" },
    errors: {
      type: "array",
      description: "With 422: what is wrong with which field",
      items: {
        type: "object",
        properties: { field: { type: "string" }, message: { type: "string" } },
        required: ["field", "message"],
        additionalProperties: false,
      },
    },
  },
  required: ["type", "title", "status", "detail", "instance"],
  additionalProperties: false,
};

const whole = { type: "integer", minimum: 0 };

/** Headers that are described once and referred to. */
export const HEADERS = {
  "X-RateLimit-Limit": { description: "Requests allowed per window", schema: whole },
  "X-RateLimit-Remaining": { description: "Requests left in this window", schema: whole },
  "X-RateLimit-Reset": { description: "When the window ends, in Unix seconds", schema: whole },
  RateLimit: { description: "The same by the IETF draft", schema: { type: "string" } },
  "RateLimit-Policy": { description: "The policy by the IETF draft", schema: { type: "string" } },
  ETag: { description: "For If-None-Match", schema: { type: "string" } },
  "Retry-After": { description: "Seconds to wait", schema: whole },
  "WWW-Authenticate": { description: "The scheme to use", schema: { type: "string" } },
} as const;

const RATE = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "RateLimit", "RateLimit-Policy"];

const headers = (names: readonly string[]) =>
  names.length > 0
    ? { headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])) }
    : {};

/** Everything that an operation may answer, by status. */
export function responsesOf(spec: RouteSpec, door: Door): Record<string, JsonSchema> {
  const rate = door === "token" ? RATE : [];
  const statuses = [...new Set([...errorStatuses(spec, door), ...(spec.errors ?? [])])].sort();
  const tagged = door === "token" && !spec.media;
  return {
    [String(successOf(spec))]: {
      description: STATUS_CODES[successOf(spec)],
      ...headers(tagged ? [...rate, "ETag"] : rate),
      ...(spec.response && { content: contentOf(spec) }),
    },
    ...(tagged && { 304: { description: "Not Modified", ...headers([...rate, "ETag"]) } }),
    ...Object.fromEntries(
      statuses.map((status) => [
        status,
        {
          description: STATUS_CODES[status],
          ...headers([
            ...rate,
            ...(status === 401 ? ["WWW-Authenticate"] : []),
            ...(status === 429 || status === 503 ? ["Retry-After"] : []),
          ]),
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(spec.otherwise ?? {}).map(([status, schema]) => [
        status,
        {
          description: STATUS_CODES[status],
          content: { "application/json": { schema: jsonSchema(schema, "output") } },
        },
      ]),
    ),
  };
}

const successOf = (spec: RouteSpec): number => spec.status ?? (spec.response ? 200 : 204);

function contentOf(spec: RouteSpec): JsonSchema {
  const json = spec.response && {
    schema: jsonSchema(spec.response, "output"),
    example: spec.example ?? exampleOf(jsonSchema(spec.response, "output")),
  };
  const media = spec.media ?? ["application/json"];
  return Object.fromEntries(
    media.map((type) => [type, type === "application/json" ? json : { schema: { type: "string" } }]),
  );
}

/** What the doors themselves may answer (lib/route.ts, lib/http/input.ts). */
function errorStatuses(spec: RouteSpec, door: Door): number[] {
  return [
    ...(door === "public" ? [] : [401]),
    ...(door === "token" ? [403, 429] : []),
    ...(spec.params ? [404] : []),
    // A role without the permission, or another team's thing.
    ...(door === "session" && (spec.params || spec.permission !== PERSONAL) ? [403] : []),
    ...(spec.body ? [400, 408, 413, 415] : []),
    // A query that knows no parameter refuses all of them.
    422,
    500,
    503,
  ];
}
