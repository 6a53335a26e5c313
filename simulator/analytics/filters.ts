import { ApiError, isObject } from "../http";
import type { Settings } from "../settings";
import type { SimulatedKey } from "../world/keys";
import type { Cell } from "../world/ledger";
import type { World } from "../world/world";
import { dimensions } from "./dimensions";

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
type Scalar = string | number | boolean | null;

export interface Filter {
  field: string;
  operator: Operator;
  values: Scalar[];
}

const isOperator = (value: unknown): value is Operator => typeof value === "string" && value in operators;
const isScalar = (value: unknown): value is Scalar =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

/** Up to 20 ANDed filters. Throws ApiError 400. */
export function parseFilters(input: unknown): Filter[] {
  if (input === undefined) return [];
  if (!Array.isArray(input) || input.length > 20) throw new ApiError(400, "filters must be an array of at most 20");
  return input.map((entry: unknown) => {
    if (!isObject(entry) || typeof entry.field !== "string" || !dimensions.has(entry.field))
      throw new ApiError(400, "Unknown filter field");
    if (!isOperator(entry.operator)) throw new ApiError(400, `Unknown operator: ${String(entry.operator)}`);
    const isArray = Array.isArray(entry.value);
    if (isArray !== (operators[entry.operator] === "array"))
      throw new ApiError(400, `Operator ${entry.operator} needs ${isArray ? "one value" : "an array"}`);
    const values: unknown[] = Array.isArray(entry.value) ? entry.value : [entry.value];
    if (!values.every(isScalar)) throw new ApiError(400, "Invalid filter value");
    return { field: entry.field, operator: entry.operator, values };
  });
}

/** Key filters take a numeric id or the 64-hex hash; what cannot be resolved matches nothing and earns a warning. */
export function resolveKeyFilters(
  filters: Filter[],
  accountId: string,
  world: World,
  { keyFilters }: Settings,
): { filters: Filter[]; warnings: string[] } {
  const warnings: string[] = [];
  const isList = ({ field, operator }: Filter) => field === "api_key_id" && operators[operator] === "array";
  if (keyFilters === "single" && filters.some(isList)) throw new ApiError(400, "api_key_id takes one value");
  const resolve = (value: Scalar): Scalar => {
    if (keyFilters === "nothing") return `nothing:${String(value)}`;
    if (String(value) === "-1") return -1;
    const key = /^\d+$/.test(String(value)) ? world.findKeyById(Number(value)) : world.findKey(String(value));
    if (key && key.accountId === accountId && key.deletedAt === null) return key.hash;
    warnings.push(`Could not resolve api_key_id: ${String(value)}`);
    return `unresolved:${String(value)}`;
  };
  const resolved = filters.map((filter) =>
    filter.field === "api_key_id" ? { ...filter, values: filter.values.map(resolve) } : filter,
  );
  return { filters: resolved, warnings };
}

/** The hashes that the filters leave possible, so that one key's question does not read all books; null = any. */
export function hashesAskedFor(filters: Filter[]): Scalar[] | null {
  const narrow = filters.find(
    (filter) => filter.field === "api_key_id" && (filter.operator === "eq" || filter.operator === "in"),
  );
  return narrow ? narrow.values : null;
}

/** Whether a cell passes all filters. */
export function passes(filters: Filter[], cell: Cell, key: SimulatedKey, world: World, settings: Settings): boolean {
  return filters.every(({ field, operator, values }) => {
    const actual = dimensions.get(field)?.value(cell, key, world, settings) ?? null;
    const equal = values.some((value) => value === actual);
    const [limit] = values;
    if (operator === "eq" || operator === "in") return equal;
    if (operator === "neq" || operator === "not_in") return !equal;
    if (actual === null || limit === null || limit === undefined) return false;
    if (operator === "gt") return actual > limit;
    if (operator === "gte") return actual >= limit;
    return operator === "lt" ? actual < limit : actual <= limit;
  });
}
