import "server-only";
import type { z } from "zod";
import { AppError, type FieldError } from "@/lib/base/errors";
import { unstorableField } from "@/lib/base/unstorable";
import { BODY_MS, MAX_BODY, readBody } from "./read-body";
import type { RouteSpec } from "./spec";

/** Everything a request brings, validated: path parameters, query and body in one object. Unknown names are refused with 422. */
export async function readInput(
  spec: RouteSpec,
  request: Request,
  params: Record<string, string | string[] | undefined>,
): Promise<Record<string, unknown>> {
  const path = spec.params ? parseOr404(spec.params, params) : {};
  const query = parseOr422(spec.query?.strict(), queryOf(request), "query");
  const body = spec.body ? parseOr422(spec.body, await readJson(request, spec.maxBody ?? MAX_BODY), "body") : {};
  return { ...path, ...query, ...body };
}

/** A repeated parameter becomes an array, which only a schema that wants several accepts. */
function queryOf(request: Request): Record<string, string | string[]> {
  const search = new URL(request.url).searchParams;
  const names = [...new Set(search.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = search.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}

/** An id that cannot exist is an unknown id. */
function parseOr404(schema: z.ZodObject, params: unknown): Record<string, unknown> {
  const result = schema.safeParse(params);
  if (!result.success) throw new AppError("not_found", "There is no such thing here");
  return result.data;
}

function parseOr422(
  schema: z.ZodType | undefined,
  given: object | unknown,
  what: "query" | "body",
): Record<string, unknown> {
  const unstorable = unstorableField(given, what);
  if (unstorable) throw unprocessable([unstorable]);
  if (!schema) {
    const [unknown] = Object.keys(given as object);
    if (unknown === undefined) return {};
    throw unprocessable([{ field: unknown, message: "is not known here" }]);
  }
  const result = schema.safeParse(given);
  if (result.success) return result.data as Record<string, unknown>;
  throw unprocessable(fieldErrors(result.error, what));
}

const unprocessable = (errors: FieldError[]): AppError =>
  new AppError("unprocessable", `${errors[0]?.field ?? "The input"} ${errors[0]?.message ?? "is not valid"}`, {
    errors,
  });

/** zod's findings as field and message. Values are never repeated: one of them may be a password. */
export function fieldErrors(error: z.ZodError, whole = "body"): FieldError[] {
  return error.issues.flatMap((issue): FieldError[] => {
    if (issue.code === "unrecognized_keys") return issue.keys.map((field) => ({ field, message: "is not known here" }));
    return [{ field: issue.path.join(".") || whole, message: issue.message }];
  });
}

async function readJson(request: Request, most: number): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  const text = new TextDecoder().decode(await readBody(request, { most, withinMs: BODY_MS }));
  if (text === "") return {};
  if (type !== "application/json") throw new AppError("unsupported_media_type", "Send the body as application/json");
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError("bad_request", "The body is not valid JSON");
  }
}
