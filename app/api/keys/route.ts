import { listOf } from "@/lib/base/page";
import { methods } from "@/lib/http/methods";
import { createKey } from "@/lib/keys/create-key";
import { listKeys } from "@/lib/keys/keys";
import { CreateKey, KeyQuery, KeyView } from "@/lib/keys/schema";
import { sessionRoute } from "@/lib/route";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "keys.read",
      summary: "List the team's OpenRouter keys, newest first unless sorted",
      tags: ["Keys"],
      query: KeyQuery,
      response: listOf(KeyView),
    },
    listKeys,
  ),
  POST: sessionRoute(
    {
      permission: "keys.write",
      summary: "Add an OpenRouter key",
      tags: ["Keys"],
      body: CreateKey,
      response: KeyView,
      status: 201,
      errors: [400, 409],
    },
    createKey,
  ),
});
