/** The one table from what went wrong to the HTTP status that says so. */
export const STATUS = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  too_many_requests: 429,
  internal: 500,
  upstream_failed: 502,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof STATUS;
export type FieldError = { field: string; message: string };

/** Something the caller may be told: `detail` is one plain sentence that never repeats a secret. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    readonly extra: { errors?: FieldError[]; retryAfterSeconds?: number; allow?: string } = {},
  ) {
    super(detail);
    this.name = "AppError";
  }
}

/** Codes of connection failures by Node, postgres.js and PostgreSQL itself (class 08, 57P: shutting down or starting up, 53300: too many). */
const DATABASE_GONE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|CONNECT_TIMEOUT|CONNECTION_(CLOSED|ENDED|DESTROYED)|08\w{3}|57P0[1-4]|53300|53100)$/;

/** Whether an error means that the database is away for now rather than that we asked something wrong. */
export function isDatabaseGone(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    const code = (current as { code?: unknown }).code;
    if (typeof code === "string" && DATABASE_GONE.test(code)) return true;
  }
  return false;
}

/** Whether the database is there and has no room left to write to: what it holds can still be read. */
export function isDiskFull(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ((current as { code?: unknown }).code === "53100") return true;
  }
  return false;
}

/** The name of the unique index or constraint that refused a write, if that is what happened. */
export function violatedUnique(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code, constraint_name: name } = current as { code?: unknown; constraint_name?: unknown };
    if (code === "23505" && typeof name === "string") return name;
  }
  return undefined;
}
