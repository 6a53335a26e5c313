import { z } from "zod";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { AccessView } from "@/lib/users/access-schema";
import { listAccess } from "@/lib/users/list-access";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "personal",
      summary: "List what can open your account besides your password",
      description:
        "Other sessions, passkeys, connected services, and the API tokens, badges and Broadcast connections that you made. Each is ended by the route of its kind. A reset of the password by mail ends all of them, but for services that were connected after the mailbox was proven.",
      tags: ["Account"],
      response: z.object({ items: z.array(AccessView) }),
    },
    listAccess,
  ),
});
