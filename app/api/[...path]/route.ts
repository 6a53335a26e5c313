import { AppError } from "@/lib/errors";
import { problem } from "@/lib/http/problem";

/** Whatever no route of ours answers. */
const unknown = async (request: Request): Promise<Response> =>
  problem(new AppError("not_found", "There is no such route; see /openapi.json"), request);

export {
  unknown as DELETE,
  unknown as GET,
  unknown as HEAD,
  unknown as OPTIONS,
  unknown as PATCH,
  unknown as POST,
  unknown as PUT,
};
