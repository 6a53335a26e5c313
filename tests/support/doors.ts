import { type Instance, startInstance } from "./production-instance";
import type { ProductionServer } from "./production-server";

export const EVIL = "https://evil.example";

/** A header by which Next could once be talked past its proxy, naming it so many times. */
export const subrequest = (name: string, times = 1) => ({
  "x-middleware-subrequest": Array(times).fill(name).join(":"),
});

/** Two servers of the production build on one database: one behind a proxy, one not. */
export async function startDoors() {
  const instance = await startInstance([{ TRUST_PROXY: "1", LOG_LEVEL: "fatal" }, { LOG_LEVEL: "fatal" }], {
    seed: 5,
    days: 2,
    keys: 2,
  });
  const [proxied, direct] = instance.servers as [ProductionServer, ProductionServer];
  return { instance, proxied, direct };
}

/** Adds a key of the simulated account under a name that stands nowhere else. Answers its id. */
export async function addZanzibar({ simulator }: Instance, server: ProductionServer, token: string): Promise<number> {
  const key = simulator.world.keyNamed("key-0001").plaintext;
  const added = await server.call<{ id: number }>("/api/keys", { token, body: { name: "Zanzibar", key } });
  if (added.status !== 201) throw new Error(`The key was not added: ${added.status}`);
  return added.body.id;
}
