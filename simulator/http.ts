import type { Settings } from "./settings";
import type { SimulatedKey } from "./world/keys";
import type { World } from "./world/world";

/** A refusal in OpenRouter's error form; the HTTP status equals `error.code`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly metadata?: Record<string, unknown>,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

/** `{"error": {"code", "message", "metadata"?}}` */
export function errorBody(status: number, message: string, metadata?: Record<string, unknown>) {
  return { error: { code: status, message, ...(metadata ? { metadata } : {}) } };
}

/** One call as a route sees it. */
export interface Call {
  method: string;
  /** Below `/api/v1`, without query: `/keys/9a1f…`. */
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  /** Parsed JSON, undefined when there was no body. */
  body: unknown;
  /** The accepted credential; null on public routes without one. */
  key: SimulatedKey | null;
  world: World;
  settings: Settings;
}

export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** Who may call: anybody, any accepted key, or management keys alone. */
export type Access = "public" | "key" | "management";

export interface Route {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** `/keys/:hash`; a parameter is one path segment. */
  pattern: string;
  access: Access;
  handle(call: Call): Answer;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });

/** The caller of a route that is not public. */
export function callerOf(call: Call): SimulatedKey {
  if (!call.key) throw new ApiError(401, "No auth credentials found");
  return call.key;
}

/** The `offset` of a list, 0 where lists ignore it. Throws ApiError 400. */
export function offsetFrom({ query, settings }: Pick<Call, "query" | "settings">): number {
  const offset = integerFrom(query, "offset", 0);
  return settings.ignoresOffset ? 0 : offset;
}

/** The body as a JSON object, else 400. */
export function objectBody(call: Call): Record<string, unknown> {
  if (!isObject(call.body)) throw new ApiError(400, "Invalid JSON body");
  return call.body;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A whole number from the query, else 400. */
export function integerFrom(
  query: URLSearchParams,
  name: string,
  fallback: number,
  maximum = Number.MAX_SAFE_INTEGER,
): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > maximum) throw new ApiError(400, `Invalid ${name}`);
  return value;
}
