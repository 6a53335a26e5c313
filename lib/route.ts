import "server-only";
import type { z } from "zod";
import type { Scope } from "@/db/schema/enums";
import { type Access, type Permission, type PUBLIC, requirePermission } from "./access/permissions";
import { rateHeaders } from "./access/rate-limit";
import { requireSession } from "./access/require-session";
import { requireToken, TokenRefused } from "./access/require-token";
import type { TokenViewer, Viewer } from "./access/viewer";
import { AppError } from "./base/errors";
import { answerJson, answerTagged } from "./http/answer";
import { readInput } from "./http/input";
import { keptAnswer, tagged } from "./http/kept-answers";
import { problem } from "./http/problem";
import { recordRefusal } from "./http/record-refusal";
import { requestIdOf } from "./http/request-id";
import { logged, noteCaller } from "./http/request-log";
import type { Door, Handler, RouteContext, RouteSpec } from "./http/spec";

// biome-ignore lint/suspicious/noExplicitAny: the input's type follows from the three schemas; each factory below infers it
type InputOf<S extends RouteSpec> = Shape<S["params"]> & Shape<S["query"]> & Shape<S["body"]> & Record<never, any>;
type Shape<T> = T extends z.ZodType ? z.output<T> : unknown;
type Answer = Promise<unknown>;

/** A route without a viewer: the verb gets the request itself first. */
export function publicRoute<const S extends RouteSpec & { permission: typeof PUBLIC }>(
  spec: S,
  verb: (request: Request, input: InputOf<S>) => Answer,
): Handler {
  return handler("public", spec, async (request, context) =>
    finish(spec, await verb(request, await inputOf<S>(spec, request, context))),
  );
}

/** A route for programs that signed in: `Authorization: Bearer <session JWT>`. */
export function sessionRoute<const S extends RouteSpec & { permission: Access }>(
  spec: S,
  verb: (viewer: Viewer, input: InputOf<S>) => Answer,
): Handler {
  return handler("session", spec, async (request, context) => {
    const viewer = await requireSession(request);
    noteCaller(request, viewer);
    requirePermission(viewer, spec.permission);
    return finish(spec, await verb(viewer, await inputOf<S>(spec, request, context)));
  });
}

/**
 * A route of the public API: `Authorization: Bearer or_api_…`, a scope, a rate limit and an ETag. With `keep`, the answer to the same
 * query is kept until the team's data change; its verb may then read nothing but the team's data.
 */
export function tokenRoute<const S extends RouteSpec & { scope: Scope; permission: Permission }>(
  spec: S,
  verb: (viewer: TokenViewer, input: InputOf<S>, request: Request) => Answer,
): Handler {
  return handler("token", spec, async (request, context) => {
    const { viewer, rate } = await requireToken(request);
    noteCaller(request, viewer);
    const headers = rateHeaders(rate);
    const work = async () => verb(viewer, await inputOf<S>(spec, request, context), request);
    try {
      if (!viewer.scopes.includes(spec.scope))
        throw new AppError("forbidden", `The API token lacks the scope ${spec.scope}`);
      if (spec.keep) return answerTagged(request, await keptAnswer(viewer, pathAndQuery(request), work), headers);
      const answer = await work();
      if (answer instanceof Response) return withHeaders(answer, headers);
      return answerTagged(request, tagged(answer), headers);
    } catch (error) {
      await recordRefusal(request, error);
      return withHeaders(problem(error, request), headers);
    }
  });
}

const pathAndQuery = ({ url }: Request): string => url.slice(url.indexOf("/", url.indexOf("//") + 2));

function handler(
  door: Door,
  spec: RouteSpec,
  run: (request: Request, context: RouteContext) => Promise<Response>,
): Handler {
  const attempt = async (request: Request, context: RouteContext): Promise<Response> => {
    try {
      return await run(request, context);
    } catch (error) {
      if (door !== "public") await recordRefusal(request, error);
      const response = problem(error, request);
      return error instanceof TokenRefused ? withHeaders(response, rateHeaders(error.rate)) : response;
    }
  };
  const answer = async (request: Request, context: RouteContext) =>
    withHeaders(await logged(request, () => attempt(request, context)), { "X-Request-Id": requestIdOf(request) });
  return Object.assign(answer, { spec, door });
}

const inputOf = async <S extends RouteSpec>(spec: S, request: Request, context: RouteContext): Promise<InputOf<S>> =>
  (await readInput(spec, request, await context.params)) as InputOf<S>;

function finish(spec: RouteSpec, answer: unknown): Response {
  if (answer instanceof Response) return answer;
  if (spec.response === null) return new Response(null, { status: 204, headers: { "Cache-Control": "no-store" } });
  return answerJson(answer, spec.status ?? 200);
}

function withHeaders(response: Response, headers: Record<string, string>): Response {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}
