import "server-only";
import { rateHeaders } from "@/lib/access/rate-limit";
import { rateOf, TokenRefused } from "@/lib/access/require-token";
import type { AppError } from "@/lib/base/errors";
import { problem } from "./problem";

/** What a route that is not there, or a method that it lacks, answers. In the public API this counts and tells the rate limit like any answer. */
export async function refusal(error: AppError, request: Request, isPublicApi: boolean): Promise<Response> {
  if (!isPublicApi) return problem(error, request);
  try {
    return withRate(problem(error, request), await rateOf(request));
  } catch (refused) {
    const response = problem(refused, request);
    return refused instanceof TokenRefused ? withRate(response, refused.rate) : response;
  }
}

function withRate(response: Response, rate: TokenRefused["rate"]): Response {
  for (const [name, value] of Object.entries(rateHeaders(rate))) response.headers.set(name, value);
  return response;
}
