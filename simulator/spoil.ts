import { isObject } from "./http";

const SPEND_FIELDS = [
  "usage",
  "usage_daily",
  "credits_usage",
  "total_usage",
  "request_count",
  "requests",
  "total_credits",
  "hash",
  "label",
];

function walk(
  value: unknown,
  change: (value: unknown, name: string | null) => unknown,
  name: string | null = null,
): unknown {
  if (Array.isArray(value)) return value.map((entry: unknown) => walk(entry, change));
  if (isObject(value)) {
    const entries = Object.entries(value).map(([field, inner]) => [field, walk(inner, change, field)] as const);
    return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  }
  return change(value, name);
}

/** Every number as text. */
export const withStringNumbers = (body: unknown) =>
  walk(body, (value) => (typeof value === "number" ? String(value) : value));

/** Without the named fields, wherever they stand. */
export const withoutFields = (body: unknown, fields: readonly string[] = SPEND_FIELDS) =>
  walk(body, (value, name) => (name !== null && fields.includes(name) ? undefined : value));

/** One more row that makes no sense, before the good ones; an answer without rows gets a senseless `usage`. */
export function withBadRow(body: unknown): unknown {
  if (!isObject(body)) return body;
  const { data } = body;
  if (Array.isArray(data)) return { ...body, data: [broken(data[0]), ...data] };
  if (!isObject(data)) return body;
  if (Array.isArray(data.data)) return { ...body, data: { ...data, data: [broken(data.data[0]), ...data.data] } };
  return { ...body, data: { ...data, usage: "a lot", total_usage: "a lot" } };
}

/** A row of the same columns with values of the wrong kind. */
function broken(row: unknown): unknown {
  if (!isObject(row)) return { date: "yesterday-ish", hash: 17, usage: "a lot" };
  return Object.fromEntries(
    Object.entries(row).map(([field, value]) => [
      field,
      typeof value === "string" && Number.isNaN(Number(value)) ? { unexpected: true } : "a lot",
    ]),
  );
}
