import { maskKeys } from "@/lib/base/mask";
import { cut, wellFormed } from "@/lib/base/text";

/** Why OpenRouter gave no usable answer. Statuses as documented under «Errors»: 401 for wrong, disabled, expired and deleted keys alike. */
export type UpstreamReason =
  | "unauthorized"
  | "forbidden"
  | "payment"
  | "not_found"
  | "bad_request"
  | "rate_limited"
  | "server"
  | "timeout"
  | "network"
  | "malformed";

const PASSING: readonly UpstreamReason[] = ["rate_limited", "server", "timeout", "network", "malformed"];

/** A call to OpenRouter that failed; `message` is a sentence for people and holds nothing of the key. */
export class UpstreamError extends Error {
  constructor(
    readonly reason: UpstreamReason,
    message: string,
    readonly status: number | null = null,
    readonly retryAfterMs: number | null = null,
  ) {
    super(maskKeys(wellFormed(message)));
    this.name = "UpstreamError";
  }

  /** Whether the same call may well succeed a little later. */
  get isPassing(): boolean {
    return PASSING.includes(this.reason);
  }

  /** Whether OpenRouter understood us and said no: another way has to be taken, not another try. */
  get isRefusal(): boolean {
    return this.reason === "forbidden" || this.reason === "not_found" || this.reason === "bad_request";
  }
}

const REASONS: Record<number, UpstreamReason> = {
  400: "bad_request",
  401: "unauthorized",
  402: "payment",
  403: "forbidden",
  404: "not_found",
  408: "timeout",
  429: "rate_limited",
  501: "not_found",
};

/** The error for a status, with OpenRouter's own words where it sent some (`error.message`; every part of the body is optional). */
export function errorOfStatus(status: number, body: unknown, retryAfter: string | null): UpstreamError {
  const reason = REASONS[status] ?? (status >= 500 ? "server" : "bad_request");
  const said = messageIn(body);
  const words: Partial<Record<UpstreamReason, string>> = {
    unauthorized: "OpenRouter does not accept this key",
    rate_limited: "OpenRouter asks us to slow down",
    server: "OpenRouter has a problem of its own",
    timeout: "OpenRouter took too long to answer",
  };
  const sentence = [words[reason] ?? "OpenRouter refused the request", said].filter(Boolean).join(": ");
  return new UpstreamError(reason, `${sentence} (HTTP ${status})`, status, retryAfterMs(retryAfter));
}

/** Of OpenRouter's own words, in UTF-16 units. */
const LONGEST_WORDS = 200;

function messageIn(body: unknown): string | null {
  const error = (body as { error?: { message?: unknown } } | null)?.error;
  // Masked before it is cut: half a key is still told by nobody.
  return typeof error?.message === "string" ? cut(maskKeys(error.message), LONGEST_WORDS) : null;
}

/** `Retry-After` in ms: seconds, or an HTTP date. */
function retryAfterMs(header: string | null): number | null {
  if (!header) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
