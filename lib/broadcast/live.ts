import { z } from "zod";
import { Id } from "@/lib/base/id";

/** What the live page asks for; safe for the browser. A blank key means all. */
export const LiveFilter = z.object({
  key_id: Id.optional().catch(undefined),
  since: z.iso.datetime({ precision: 6 }).optional().catch(undefined),
});
export type LiveFilter = z.output<typeof LiveFilter>;

/** One request as the live page shows it. Times UTC, cost USD, latencies ms; null = not told. */
export type LiveRequest = {
  id: number;
  started_at: string;
  received_at: string;
  api_key_id: number | null;
  key_name: string | null;
  model: string | null;
  provider: string | null;
  tokens_input: number | null;
  tokens_output: number | null;
  cost: number | null;
  latency_ms: number | null;
  first_token_ms: number | null;
  finish_reason: string | null;
  is_error: boolean;
};

/** Adds what has arrived to what is shown: newest first, each once, no more than fit. */
export function mergeRequests(
  shown: readonly LiveRequest[],
  arrived: readonly LiveRequest[],
  most: number,
): LiveRequest[] {
  const known = new Set(shown.map((request) => request.id));
  const fresh = arrived.filter((request) => !known.has(request.id));
  if (fresh.length === 0) return shown as LiveRequest[];
  return [...fresh, ...shown].sort((a, b) => b.received_at.localeCompare(a.received_at) || b.id - a.id).slice(0, most);
}
