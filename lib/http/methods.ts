import "server-only";
import { AppError } from "@/lib/base/errors";
import { allowOrigin, preflight } from "./cors";
import { refusal } from "./refusal";
import type { Handler, RouteContext } from "./spec";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof METHODS)[number];
type Answer = (request: Request, context: RouteContext) => Promise<Response>;
/** OPTIONS knows what its file declares: Next allows a route file no export of its own. */
export type Options = ((request: Request) => Promise<Response>) & { table: MethodTable };
export type MethodTable = Partial<Record<Method, Handler>>;

/**
 * All exports of a route file: the handlers given, HEAD beside GET, OPTIONS, and 405 with `Allow` for the rest.
 */
export function methods(table: MethodTable): Record<Method | "HEAD", Answer> & { OPTIONS: Options } {
  const allow = [...METHODS.filter((method) => table[method]), ...(table.GET ? ["HEAD"] : []), "OPTIONS"].join(", ");
  const isPublicApi = Object.values(table).some(({ door }) => door === "token");
  const refuse: Answer = (request) =>
    refusal(
      new AppError("method_not_allowed", `${request.method} is not possible here; use ${allow}`, { allow }),
      request,
      isPublicApi,
    );
  const withCors =
    (handler: Answer): Answer =>
    async (request, context) =>
      allowOrigin(request, await handler(request, context));
  const answers = Object.fromEntries(METHODS.map((method) => [method, withCors(table[method] ?? refuse)]));
  const head: Answer = async (request, context) => {
    const response = await (table.GET ?? refuse)(request, context);
    await response.body?.cancel();
    return new Response(null, response);
  };
  return {
    ...(answers as Record<Method, Answer>),
    HEAD: withCors(head),
    OPTIONS: Object.assign(async (request: Request) => preflight(request, allow), { table }),
  };
}
