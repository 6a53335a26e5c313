import { pageOrigin } from "@/lib/base/origin";
import { listOf, PageQuery } from "@/lib/base/page";
import { createConnection, listConnections } from "@/lib/broadcast/connections";
import { ConnectionView, CreateConnection, NewConnection } from "@/lib/broadcast/schema";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "keys.read",
      summary: "List the team's Broadcast connections, newest first",
      tags: ["Broadcast"],
      query: PageQuery,
      response: listOf(ConnectionView),
    },
    listConnections,
  ),
  POST: sessionRoute(
    {
      permission: "broadcast.write",
      summary: "Create a Broadcast connection",
      description:
        "Answers the address and the header for OpenRouter's webhook. The secret is in this answer and nowhere else.",
      tags: ["Broadcast"],
      body: CreateConnection,
      response: NewConnection,
      status: 201,
      errors: [400, 403, 404],
    },
    async (viewer, input) => createConnection(viewer, input, await pageOrigin()),
  ),
});
