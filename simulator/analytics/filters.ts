import { ApiError, isObject } from "../http";
import type { Settings } from "../settings";
import { type Context, dimensions, type Subject, type Value } from "./dimensions";
import { listedDimensions } from "./listed";

export const operators = {
  eq: "scalar",
  neq: "scalar",
  gt: "scalar",
  gte: "scalar",
  lt: "scalar",
  lte: "scalar",
  in: "array",
  not_in: "array",
} as const;
type Operator = keyof typeof operators;

export interface Filter {
  field: string;
  operator: Operator;
  values: Value[];
}

const isOperator = (value: unknown): value is Operator => typeof value === "string" && value in operators;
const isScalar = (value: unknown): value is Value =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

/** Up to 20 ANDed filters. Throws ApiError 400. */
export function parseFilters(input: unknown, settings: Settings): Filter[] {
  if (input === undefined) return [];
  if (!Array.isArray(input) || input.length > 20) throw new ApiError(400, "filters must be an array of at most 20");
  const fields = listedDimensions(settings);
  return input.map((entry: unknown) => {
    if (!isObject(entry) || typeof entry.field !== "string" || !fields.has(entry.field))
      throw new ApiError(400, "Unknown filter field");
    if (!isOperator(entry.operator)) throw new ApiError(400, `Unknown operator: ${String(entry.operator)}`);
    const isArray = Array.isArray(entry.value);
    if (isArray !== (operators[entry.operator] === "array"))
      throw new ApiError(400, `Operator ${entry.operator} needs ${isArray ? "one value" : "an array"}`);
    if (isArray && entry.field === "api_key_id" && !settings.keyFilterLists)
      throw new ApiError(400, `Operator ${entry.operator} is not supported for api_key_id`);
    const values: unknown[] = Array.isArray(entry.value) ? entry.value : [entry.value];
    if (!values.every(isScalar)) throw new ApiError(400, "Invalid filter value");
    return { field: entry.field, operator: entry.operator, values };
  });
}

/** Key filters take a numeric id or the 64-hex hash; what cannot be resolved matches nothing and earns a warning. */
export function resolveKeyFilters(
  filters: Filter[],
  accountId: string,
  { world, settings }: Context,
): { filters: Filter[]; warnings: string[] } {
  const warnings: string[] = [];
  const find = (text: string) => (/^\d+$/.test(text) ? world.findKeyById(Number(text)) : world.findKey(text));
  const resolve = (value: Value): Value => {
    if (settings.keyFilteredBy === "hash") {
      if (String(value) === "-1") return -1;
      const key = find(String(value));
      if (key && key.accountId === accountId && key.deletedAt === null) return key.hash;
    }
    warnings.push(`Could not resolve api_key_id: ${String(value)}`);
    return `unresolved:${String(value)}`;
  };
  const resolved = filters.map((filter) =>
    filter.field === "api_key_id" ? { ...filter, values: filter.values.map(resolve) } : filter,
  );
  return { filters: resolved, warnings };
}

/** The hashes that the filters leave possible, so that one key's question does not read all books; null = any. */
export function hashesAskedFor(filters: Filter[]): Value[] | null {
  const narrow = filters.find(
    (filter) => filter.field === "api_key_id" && (filter.operator === "eq" || filter.operator === "in"),
  );
  return narrow ? narrow.values : null;
}

/** Whether a series passes all filters. */
export function passes(filters: Filter[], subject: Subject, context: Context): boolean {
  return filters.every(({ field, operator, values }) => {
    const actual = dimensions.get(field)?.value(subject, context);
    const equal = values.some((value) => value === actual);
    const [limit] = values;
    if (operator === "eq" || operator === "in") return equal;
    if (operator === "neq" || operator === "not_in") return !equal;
    if (actual === null || actual === undefined || limit === null || limit === undefined) return false;
    if (operator === "gt") return actual > limit;
    if (operator === "gte") return actual >= limit;
    return operator === "lt" ? actual < limit : actual <= limit;
  });
}
