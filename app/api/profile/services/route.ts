import { z } from "zod";
import { methods } from "@/lib/http/methods";
import { listIdentities } from "@/lib/identities/identities";
import { ServiceView } from "@/lib/identities/schema";
import { sessionRoute } from "@/lib/route";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      permission: "personal",
      summary: "List the services that may sign you in",
      description: "All that this instance offers. Connecting one needs a browser, on the page “Profile”.",
      tags: ["Account"],
      response: z.object({ items: z.array(ServiceView) }),
    },
    listIdentities,
  ),
});
