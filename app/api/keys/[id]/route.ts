import { methods } from "@/lib/http/methods";
import { deleteKey, getKey, updateKey } from "@/lib/keys/keys";
import { KeyId, KeyView, UpdateKey } from "@/lib/keys/schema";
import { sessionRoute } from "@/lib/route";

const change = sessionRoute(
  {
    permission: "keys.write",
    summary: "Change a key's name, description or whether it is watched",
    tags: ["Keys"],
    params: KeyId,
    body: UpdateKey,
    response: KeyView,
  },
  updateKey,
);

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    { permission: "keys.read", summary: "Read one key", tags: ["Keys"], params: KeyId, response: KeyView },
    getKey,
  ),
  PUT: change,
  PATCH: change,
  DELETE: sessionRoute(
    {
      permission: "keys.write",
      summary: "Delete a key and its usage",
      tags: ["Keys"],
      params: KeyId,
      response: null,
      status: 204,
    },
    deleteKey,
  ),
});
