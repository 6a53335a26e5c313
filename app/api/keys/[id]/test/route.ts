import { z } from "zod";
import { methods } from "@/lib/http/methods";
import { KeyId, KeyView } from "@/lib/keys/schema";
import { testKey } from "@/lib/keys/test-key";
import { sessionRoute } from "@/lib/route";

const KeyTest = z.object({
  status: KeyView.shape.status,
  status_detail: KeyView.shape.status_detail,
  checked_at: z.iso.datetime(),
});

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: sessionRoute(
    {
      permission: "keys.test",
      summary: "Ask OpenRouter about a key",
      tags: ["Keys"],
      params: KeyId,
      response: KeyTest,
      status: 200,
      errors: [409, 502],
    },
    testKey,
  ),
});
