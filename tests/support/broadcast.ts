import { afterAll, beforeAll } from "vitest";
import { POST, PUT } from "@/app/api/ingest/broadcast/[connection_id]/route";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { forgetEnv } from "@/lib/base/env";
import { createConnection } from "@/lib/broadcast/connections";
import type { World } from "@/simulator/world/world";
import { serveRoute } from "./serve-route";
import { context } from "./world";

/** Serves the route that takes deliveries on a port of its own, so that the simulator can send to it. Answers its origin. */
export function serveIngest(): () => string {
  let served: Awaited<ReturnType<typeof serveRoute>> | undefined;
  beforeAll(async () => {
    served = await serveRoute((request) => {
      const id = new URL(request.url).pathname.split("/").at(-1) ?? "";
      return (request.method === "PUT" ? PUT : POST)(request, context({ connection_id: id }));
    });
    // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
    process.env.APP_URL = served.origin;
    forgetEnv();
  });
  afterAll(() => served?.close());
  return () => served?.origin ?? "";
}

type Wanted = { origin: string; managementKeyId?: number; method?: "POST" | "PUT"; privacyMode?: boolean };

/** A connection of the viewer's team and the destination of every workspace of the simulated account that sends to it. */
export async function connectBroadcast(viewer: Viewer, world: World, wanted: Wanted) {
  const connection = await createConnection(
    viewer,
    { name: "Live", management_key_id: wanted.managementKeyId ?? null },
    wanted.origin,
  );
  const account = world.account();
  const destinations = world.workspacesOf(account.id).map((workspace) => {
    workspace.isBroadcastEnabled = true;
    return world.destinations.add({
      accountId: account.id,
      workspaceId: workspace.id,
      name: "Monitor",
      type: "webhook",
      enabled: true,
      config: {
        url: connection.url,
        method: wanted.method ?? "POST",
        headers: { [connection.header.name]: connection.header.value },
      },
      privacyMode: wanted.privacyMode ?? true,
      samplingRate: 1,
      apiKeyHashes: null,
      filterRules: null,
      generationCost: false,
      generationIdentity: false,
      generationRequestContext: false,
      regions: ["global"],
    });
  });
  return { connection, destinations };
}

/** Forgets all destinations of a world. */
export function disconnectBroadcast(world: World): void {
  for (const destination of world.destinations.all()) world.destinations.remove(destination.id);
}

/** The kept requests of a team, whole rows, oldest first. */
export const generationsOf = ({ teamId }: Pick<Viewer, "teamId">) =>
  sql()`select * from generations where team_id = ${teamId} order by id`;
