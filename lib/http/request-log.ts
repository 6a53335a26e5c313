import "server-only";
import { log } from "@/lib/base/log";
import { redactPath } from "@/lib/base/redact-path";
import { requestIdOf } from "./request-id";

/** Who a request turned out to come from; a viewer fits as it is. */
type Caller = { teamId: number; userId?: number; sessionId?: string; tokenId?: number; ip: string | null };

const callers = new WeakMap<Request, Caller>();

/** Notes who is asking, once that is known, for what is logged and recorded at the end. */
export function noteCaller(request: Request, caller: Caller): void {
  callers.set(request, caller);
}

/** Who is asking, if that has become known. */
export const callerOf = (request: Request): Caller | undefined => callers.get(request);

function named(caller: Caller | undefined): Partial<Caller> {
  if (!caller) return {};
  const { userId, tokenId, teamId } = caller;
  return { ...(userId !== undefined && { userId }), ...(tokenId !== undefined && { tokenId }), teamId };
}

/** One line per request: what was asked, by whom, how it ended and how long it took (ms). Never its query, its headers or its body. */
export async function logged(request: Request, answer: () => Promise<Response>): Promise<Response> {
  if (!log().isLevelEnabled("info")) return answer();
  const started = performance.now();
  const response = await answer();
  log().info(
    {
      requestId: requestIdOf(request),
      method: request.method,
      path: redactPath(new URL(request.url).pathname),
      status: response.status,
      ms: Math.round(performance.now() - started),
      ...named(callers.get(request)),
    },
    "A request was answered",
  );
  return response;
}
