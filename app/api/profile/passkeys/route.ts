import { listOf, PageQuery } from "@/lib/base/page";
import { methods } from "@/lib/http/methods";
import { listPasskeys } from "@/lib/passkeys/passkeys";
import { addPasskey } from "@/lib/passkeys/register";
import { AddPasskey, PasskeyView } from "@/lib/passkeys/schema";
import { sessionRoute } from "@/lib/route";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "personal",
      summary: "List your passkeys",
      tags: ["Account"],
      query: PageQuery,
      response: listOf(PasskeyView),
    },
    listPasskeys,
  ),
  POST: sessionRoute(
    {
      permission: "personal",
      summary: "Register the passkey that answered a challenge",
      tags: ["Account"],
      body: AddPasskey,
      response: PasskeyView,
      status: 201,
      errors: [400, 409],
    },
    addPasskey,
  ),
});
