import { ApiError } from "../http";
import type { Period } from "../time";
import type { NewKey } from "../world/keys";
import type { KeyChange } from "../world/registry";

const PERIODS: readonly Period[] = ["daily", "weekly", "monthly"];
type Body = Record<string, unknown>;

function optional<Value>(body: Body, name: string, isValid: (value: unknown) => value is Value): Value | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (!isValid(value)) throw new ApiError(400, `Invalid ${name}`);
  return value;
}

const isText = (value: unknown): value is string => typeof value === "string" && value.length > 0;
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";
const isLimit = (value: unknown): value is number | null => value === null || (typeof value === "number" && value >= 0);
const isPeriod = (value: unknown): value is Period | null =>
  value === null || PERIODS.some((period) => period === value);
const isTime = (value: unknown): value is string | null =>
  value === null || (typeof value === "string" && /T\d{2}:\d{2}:\d{2}/.test(value) && !Number.isNaN(Date.parse(value)));

function limits(body: Body): Pick<NewKey, "limit" | "limitReset" | "includeByokInLimit"> {
  const limit = optional(body, "limit", isLimit);
  const limitReset = optional(body, "limit_reset", isPeriod);
  const includeByokInLimit = optional(body, "include_byok_in_limit", isFlag);
  return {
    ...(limit === undefined ? {} : { limit: limit === null ? null : String(limit) }),
    ...(limitReset === undefined ? {} : { limitReset }),
    ...(includeByokInLimit === undefined ? {} : { includeByokInLimit }),
  };
}

/** Body of `POST /keys`. Throws ApiError 400. */
export function parseNewKey(body: Body): NewKey {
  const name = optional(body, "name", isText);
  if (name === undefined) throw new ApiError(400, "name is required");
  const expiresAt = optional(body, "expires_at", isTime);
  const workspaceId = optional(body, "workspace_id", isText);
  return {
    name,
    ...limits(body),
    ...(workspaceId === undefined ? {} : { workspaceId }),
    expiresAt: expiresAt === undefined || expiresAt === null ? null : new Date(expiresAt),
  };
}

/** Body of `PATCH /keys/{hash}`: expiry cannot be changed. Throws ApiError 400. */
export function parseKeyChange(body: Body): KeyChange {
  const name = optional(body, "name", isText);
  const disabled = optional(body, "disabled", isFlag);
  return { ...(name === undefined ? {} : { name }), ...(disabled === undefined ? {} : { disabled }), ...limits(body) };
}
