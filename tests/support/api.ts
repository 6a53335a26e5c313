import { Ajv2020 } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";
import { expect } from "vitest";
import { ROUTES } from "@/app/openapi.json/routes";
import { methods } from "@/lib/http/methods";
import { openApiDocument } from "@/lib/openapi/document";

/** The document as it is served: what every answer is held against. */
export const document = openApiDocument(ROUTES);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormatsModule.default(ajv);
ajv.addSchema({ $id: "https://openrouter-monitor.test/openapi", components: document.components });

type Schema = Record<string, unknown>;
const validators = new Map<Schema, ReturnType<typeof ajv.compile>>();

function validatorOf(schema: Schema) {
  const known = validators.get(schema);
  if (known) return known;
  const text = JSON.stringify(schema).replaceAll(
    '"#/components',
    '"https://openrouter-monitor.test/openapi#/components',
  );
  const validator = ajv.compile(JSON.parse(text) as Schema);
  validators.set(schema, validator);
  return validator;
}

/** Fails unless the schema accepts the value. */
export function expectAccepted(schema: Schema, value: unknown, what: string): void {
  const validator = validatorOf(schema);
  expect(validator(value), `${what}: ${ajv.errorsText(validator.errors)}\n${JSON.stringify(value)}`).toBe(true);
}

type Content = Record<string, { schema?: Schema }>;

/** Fails unless the document names this status, media type and shape for the operation. Answers the body's text. */
export async function expectDocumented(template: string, method: string, response: Response): Promise<string> {
  const text = response.status === 304 || response.status === 204 ? "" : await response.text();
  const answers = document.paths[template]?.[method.toLowerCase()]?.responses;
  const described = answers?.[String(response.status)] as { content?: Content } | undefined;
  expect(
    described,
    `${method} ${template} answered ${response.status}, which is not documented: ${text}`,
  ).toBeDefined();
  if (!described?.content) {
    expect(text, `${method} ${template} ${response.status} has no body`).toBe("");
    return text;
  }
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  const schema = described.content[type]?.schema;
  expect(schema, `${method} ${template} answered ${type}`).toBeDefined();
  if (schema && /[/+]json$/.test(type)) {
    const validator = validatorOf(schema);
    const isValid = validator(JSON.parse(text));
    expect(isValid, `${method} ${template} ${response.status}: ${ajv.errorsText(validator.errors)}\n${text}`).toBe(
      true,
    );
  }
  return text;
}

type Call = { token?: string | undefined; body?: unknown; headers?: Record<string, string> };

/** The described route of an address, its path parameters and all that its file exports. */
export function routeOf(address: string) {
  const { pathname } = new URL(address, "http://localhost");
  for (const { path, table } of ROUTES) {
    const names: string[] = [];
    const pattern = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      names.push(name);
      return "([^/]+)";
    });
    const match = new RegExp(`^${pattern.replaceAll(".", "\\.")}$`).exec(pathname);
    if (!match) continue;
    const params = Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? "")]));
    return { path, params, exports: methods(table) };
  }
  throw new Error(`no route answers ${pathname}`);
}

/** Calls a route as Next calls it and holds the answer against the document. */
export async function call(method: string, address: string, { token, body, headers = {} }: Call = {}) {
  const { path, params, exports } = routeOf(address);
  const request = new Request(new URL(address, "http://localhost"), {
    method,
    headers: {
      "x-forwarded-for": "192.0.2.77",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const handler = exports[method as keyof typeof exports];
  const response = await handler(request, { params: Promise.resolve(params) });
  const isOperation = document.paths[path]?.[method.toLowerCase()] !== undefined;
  const text = isOperation ? await expectDocumented(path, method, response) : await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as Record<string, unknown>,
  };
}
