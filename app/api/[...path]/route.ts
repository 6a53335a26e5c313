import { AppError } from "@/lib/base/errors";
import { allowOrigin } from "@/lib/http/cors";
import { refusal } from "@/lib/http/refusal";

/** Whatever no route of ours answers. */
async function unknown(request: Request): Promise<Response> {
  const error = new AppError("not_found", "There is no such route; see /openapi.json");
  const isPublicApi = /^\/api\/v1(\/|$)/.test(new URL(request.url).pathname);
  return allowOrigin(request, await refusal(error, request, isPublicApi));
}

export {
  unknown as DELETE,
  unknown as GET,
  unknown as HEAD,
  unknown as OPTIONS,
  unknown as PATCH,
  unknown as POST,
  unknown as PUT,
};
