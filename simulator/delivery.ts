import { type BroadcastBody, broadcastBody, connectionTestBody, testGenerationBody } from "./broadcast";
import type { Destination } from "./destinations";
import { sha256 } from "./digest";
import type { SimulatedRequest } from "./world/requests";
import type { World } from "./world/world";

/** What became of one delivery; status null = no answer. */
export interface Delivery {
  destinationId: string;
  status: number | null;
}

export type TestKind = "empty" | "marker" | "test-generation";

const DELIVERY_TIMEOUT_MS = 10_000;

/** Sends OTLP/JSON with the destination's own method and headers. Any 2xx is success; nothing throws. */
async function send(
  destination: Destination,
  body: BroadcastBody | Record<string, never>,
  extra: Record<string, string> = {},
): Promise<Delivery> {
  const { url, endpoint, method, headers } = destination.config;
  const own =
    typeof headers === "object" && headers !== null
      ? Object.entries(headers).map(([name, value]) => [name, String(value)])
      : [];
  try {
    const answer = await fetch(String(url ?? endpoint), {
      method: method === "PUT" ? "PUT" : "POST",
      headers: { "content-type": "application/json", ...Object.fromEntries(own), ...extra },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
    });
    await answer.arrayBuffer();
    return { destinationId: destination.id, status: answer.status };
  } catch {
    return { destinationId: destination.id, status: null };
  }
}

/** Sampling is deterministic: all requests of a session or none. */
function isSampled(destination: Destination, request: SimulatedRequest): boolean {
  const share = Number.parseInt(sha256(request.session ?? request.id).slice(0, 8), 16) / 0x1_0000_0000;
  return share < destination.samplingRate;
}

function wants(world: World, destination: Destination, request: SimulatedRequest): boolean {
  const workspace = world.workspacesOf(destination.accountId).find((each) => each.id === destination.workspaceId);
  return (
    destination.enabled &&
    (workspace?.isBroadcastEnabled ?? false) &&
    destination.accountId === request.accountId &&
    destination.workspaceId === request.workspaceId &&
    (destination.apiKeyHashes === null || destination.apiKeyHashes.includes(request.keyHash)) &&
    isSampled(destination, request)
  );
}

/** Delivers a request to every destination that wants it; `copies` above 1 makes duplicates, as OpenRouter's retry queue does. */
export async function deliverRequest(
  world: World,
  request: SimulatedRequest,
  options: { copies?: number } = {},
): Promise<Delivery[]> {
  const { userId } = world.account(request.accountId);
  const chosen = world.destinations.all().filter((destination) => wants(world, destination, request));
  const deliveries = chosen.flatMap((destination) => {
    const { privacyMode, generationCost } = destination;
    const body = broadcastBody(request, { privacyMode, generationCost, userId });
    return Array.from({ length: options.copies ?? 1 }, () => send(destination, body));
  });
  return Promise.all(deliveries);
}

/** The tests that OpenRouter's settings page sends. `test-generation` needs a request to dress up. */
export function deliverTest(
  world: World,
  destination: Destination,
  kind: TestKind,
  sample?: SimulatedRequest,
): Promise<Delivery> {
  if (kind === "marker") return send(destination, connectionTestBody(world.now()), { "X-Test-Connection": "true" });
  if (kind === "test-generation" && sample) return send(destination, testGenerationBody(sample));
  return send(destination, {}, { "X-Test-Connection": "true" });
}
