import { deleteConnection } from "@/lib/broadcast/connections";
import { ConnectionId } from "@/lib/broadcast/schema";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  DELETE: sessionRoute(
    {
      permission: "broadcast.write",
      summary: "Delete a Broadcast connection",
      description:
        "Its deliveries are refused from then on. What it brought stays; the destination at OpenRouter is left to you.",
      tags: ["Broadcast"],
      params: ConnectionId,
      response: null,
      status: 204,
      errors: [403, 404],
    },
    deleteConnection,
  ),
});
