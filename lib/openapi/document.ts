import { env } from "@/lib/base/env";
import type { MethodTable } from "@/lib/http/methods";
import type { Door, Handler, RouteSpec } from "@/lib/http/spec";
import { SCOPES } from "@/lib/tokens/schema";
import { exampleOf } from "./example";
import { type JsonSchema, jsonSchema, type Parameter, parametersOf } from "./json-schema";
import { HEADERS, PROBLEM, responsesOf } from "./responses";

/** What a route file declares: its address with `{parameters}`, and its handlers. */
export type Described = { path: string; table: MethodTable };

export type Operation = {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security: JsonSchema[];
  "x-permission": RouteSpec["permission"];
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema; example?: unknown }> };
  responses: Record<string, JsonSchema>;
};

export type Document = {
  openapi: "3.1.0";
  info: JsonSchema;
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: JsonSchema;
};

const DESCRIPTION = `Usage, tokens and cost of OpenRouter API keys. Times are UTC, money is USD, null means "not reported".

Programs read the public API under /api/v1 with an API token. The other routes take the session token that POST /api/auth/login answers.`;

/** The linter refuses a tag that nobody explains. */
const TAGS: Record<string, string> = {
  "Public API": "Read-only figures for programs, with an API token.",
  Account: "Register, sign in, look after the account.",
  Badges: "Addresses that show one number.",
  Broadcast: "Requests as they happen, sent by OpenRouter.",
  Keys: "The OpenRouter keys being watched.",
  Service: "Whether the instance works, and this document.",
  Statistics: "The same figures as on the pages, with a session token.",
  Sync: "Reading usage from OpenRouter.",
  Tokens: "API tokens for the public API.",
};

/** The OpenAPI 3.1 document, made from the very schemas that validate. */
export function openApiDocument(routes: readonly Described[]): Document {
  const operations = routes.flatMap(({ path, table }) =>
    Object.entries(table).map(([method, handler]) => ({ path, method: method.toLowerCase(), handler })),
  );
  const tags = new Set(operations.map(({ handler }) => tagOf(handler.spec)));
  return {
    openapi: "3.1.0",
    info: {
      title: "OpenRouter Monitor",
      // biome-ignore lint/style/noProcessEnv: Next replaces this at build time
      version: process.env.APP_VERSION ?? "0.0.0",
      description: DESCRIPTION,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: env().APP_URL ?? "/" }],
    tags: [...tags].map((name) => ({ name, description: TAGS[name] ?? "" })),
    paths: Object.fromEntries(
      routes.map(({ path }) => [
        path,
        Object.fromEntries(
          operations
            .filter((operation) => operation.path === path)
            .map(({ method, handler }) => [method, operationOf(path, method, handler)]),
        ),
      ]),
    ),
    components: {
      schemas: { Problem: PROBLEM },
      headers: HEADERS,
      securitySchemes: {
        apiToken: {
          type: "http",
          scheme: "bearer",
          description: `An API token, or_api_…, with the scope that the operation names (${SCOPES.join(", ")})`,
        },
        sessionToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "The access_token of POST /api/auth/login",
        },
      },
    },
  };
}

const SECURITY: Record<Door, JsonSchema[]> = {
  public: [{}],
  session: [{ sessionToken: [] }],
  token: [{ apiToken: [] }],
};

const tagOf = (spec: RouteSpec): string => spec.tags?.[0] ?? "Other";

function operationOf(path: string, method: string, { spec, door }: Handler): Operation {
  const parameters = [...parametersOf(spec.params, "path"), ...parametersOf(spec.query, "query")];
  const description = [spec.description, spec.scope && `Scope: \`${spec.scope}\`.`].filter(Boolean).join(" ");
  return {
    operationId: nameOf(method, path),
    summary: spec.summary,
    ...(description && { description }),
    tags: [tagOf(spec)],
    security: SECURITY[door],
    "x-permission": spec.permission,
    ...(parameters.length > 0 && { parameters }),
    ...(spec.body && {
      requestBody: {
        required: !spec.body.safeParse({}).success,
        content: {
          "application/json": {
            schema: jsonSchema(spec.body, "input"),
            example: exampleOf(jsonSchema(spec.body, "input")),
          },
        },
      },
    }),
    responses: responsesOf(spec, door),
  };
}

/** `get /api/v1/usage/export` → `getV1UsageExport`. */
function nameOf(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "" && word !== "api");
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}
