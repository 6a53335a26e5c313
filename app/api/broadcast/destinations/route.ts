import { pageOrigin } from "@/lib/base/origin";
import { createDestination } from "@/lib/broadcast/create-destination";
import { CreateDestination, NewDestination } from "@/lib/broadcast/schema";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: sessionRoute(
    {
      permission: "broadcast.write",
      summary: "Create a Broadcast connection and its destination at OpenRouter",
      description:
        "Uses the management key to create a webhook destination (Privacy Mode on, every request), and switches Broadcast on in the workspace where it is off. Nothing else that this product does with a management key changes anything at OpenRouter.",
      tags: ["Broadcast"],
      body: CreateDestination,
      response: NewDestination,
      status: 201,
      errors: [400, 403, 404, 409, 502],
    },
    async (viewer, input) => createDestination(viewer, input, await pageOrigin()),
  ),
});
