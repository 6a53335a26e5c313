import { afterEach } from "vitest";
import { createKey } from "@/lib/keys/create-key";
import { settleRuns } from "@/lib/sync/worker";
import type { NewRequest } from "@/simulator/world/recorder";
import { connectBroadcast, disconnectBroadcast, serveIngest } from "./broadcast";
import { simulateOpenRouter } from "./openrouter";
import { createPerson } from "./world";

export const MODEL = "openai/gpt-4.1";

/** A simulated account of three keys, the route that takes its deliveries, and what tests do with both. Its destinations are forgotten after each test. */
export function simulateBroadcast() {
  const openRouter = simulateOpenRouter({ days: 2, seed: 3, keys: 3, requestsPerDay: 10 });
  const origin = serveIngest();
  const world = () => openRouter().world;
  const keyNamed = (name: string) => world().keyNamed(name);
  const spend = (more: Partial<NewRequest> = {}) =>
    world().record({ keyHash: keyNamed("key-0001").hash, model: MODEL, cost: "0.0123456", ...more });

  afterEach(() => disconnectBroadcast(world()));

  /** A new person with the account's keys and a connection that it delivers to. */
  async function connected(options: Partial<Parameters<typeof connectBroadcast>[2]> = {}) {
    const { viewer } = await createPerson();
    const key = await createKey(viewer, { name: "Account", key: world().managementKey().plaintext });
    await settleRuns();
    const made = await connectBroadcast(viewer, world(), { origin: origin(), managementKeyId: key.id, ...options });
    const [destination] = made.destinations;
    if (!destination) throw new Error("The world has no workspace");
    return { viewer, ...made, destination };
  }

  return { openRouter, origin, world, keyNamed, spend, connected };
}

export type Sent = { method?: string; secret?: string | null; headers?: Record<string, string>; body?: BodyInit };

/** Sends to a connection what OpenRouter would not, under its secret unless another is given. */
export async function send(connection: { url: string; secret: string }, { secret, headers, ...rest }: Sent = {}) {
  const bearer = secret === undefined ? connection.secret : secret;
  const answer = await fetch(connection.url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(bearer && { authorization: `Bearer ${bearer}` }), ...headers },
    ...rest,
  });
  return { status: answer.status, type: answer.headers.get("content-type"), json: await answer.json() };
}
