import type { IncomingMessage } from "node:http";
import { sha256 } from "./digest";
import { type Access, ApiError } from "./http";
import { isAccepted, type SimulatedKey } from "./world/keys";
import type { World } from "./world/world";

/** The credential of a call, as sent; null when there is none. */
export function credentialOf(request: IncomingMessage): string | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const header = request.headers["x-api-key"];
  return bearer ?? (typeof header === "string" ? header : null);
}

/** Who calls. Unknown, disabled, expired and deleted keys are all the same 401; inference keys get 403 where a management key is needed. */
export function authenticate(world: World, credential: string | null, access: Access): SimulatedKey | null {
  const key = credential === null ? undefined : world.findKey(sha256(credential));
  const accepted = key && isAccepted(key, world.now()) ? key : null;
  if (access === "public") return accepted;
  if (credential === null) throw new ApiError(401, "No auth credentials found");
  if (!accepted) throw new ApiError(401, "User not found.");
  if (access === "management" && accepted.kind !== "management")
    throw new ApiError(403, "Only management keys can perform this operation");
  return accepted;
}
