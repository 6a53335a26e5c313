import { z } from "zod";
import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { ServiceView } from "@/lib/services/schema";
import { listServices } from "@/lib/services/services";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    {
      summary: "List the services that may sign you in",
      description: "All that this instance offers. Connecting one needs a browser, on the page “Profile”.",
      tags: ["Account"],
      response: z.object({ items: z.array(ServiceView) }),
    },
    listServices,
  ),
});
