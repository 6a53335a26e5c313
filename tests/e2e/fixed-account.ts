import { expect } from "@playwright/test";
import { fixedClock } from "../support/fixed-clock";
import { type Instance, startInstance, untilSynced } from "../support/production-instance";
import type { ProductionServer } from "../support/production-server";
import { signIn } from "../support/sign-in";

export type FixedAccount = { instance: Instance; server: ProductionServer; session: string; keyId: number };

/** The server's present, as good as standing still. */
export const NOW = new Date("2025-03-20T12:05:00Z");

/** Columns that the database's own clock fills, and that pages show. */
const SHOWN_TIMES = [
  "users.created_at",
  "sessions.created_at",
  "sessions.last_seen_at",
  "api_keys.created_at",
  "api_keys.checked_at",
  "api_keys.last_synced_at",
  "api_tokens.created_at",
];

/** A server whose clock stands at `NOW`, and an account of which everything that is shown is the same in every run. */
export async function startFixedAccount(): Promise<FixedAccount> {
  const variables = {
    NODE_OPTIONS: `--import=${fixedClock(NOW)}`,
    // Pages name it.
    APP_URL: "http://localhost:3000",
    LOG_LEVEL: "error",
  };
  const instance = await startInstance([variables], { days: 60, now: () => NOW });
  const [server] = instance.servers as [ProductionServer];
  const token = await signIn(server, "ann@example.com");
  const key = { name: "Account", key: instance.simulator.world.managementKey().plaintext };
  expect((await server.call("/api/keys", { token, body: key })).status).toBe(201);
  expect((await server.call("/api/tokens", { token, body: { name: "Grafana" } })).status).toBe(201);
  const { sql } = instance;
  await untilSynced(instance);
  await holdTimes(instance);
  const [known] = await sql<{ id: number }[]>`select id from api_keys where name = 'prod-web'`;
  if (!known) throw new Error("The account's keys were not imported");
  return { instance, server, session: token, keyId: known.id };
}

/** Sets what the database's clock or chance has written, and keeps it so. */
async function holdTimes({ sql }: Instance): Promise<void> {
  const moment = new Date(NOW.getTime() - 140 * 60_000).toISOString();
  for (const [table, column] of SHOWN_TIMES.map((name) => name.split(".") as [string, string]))
    await sql`update ${sql(table)} set ${sql(column)} = ${moment}::text::timestamptz where ${sql(column)} is not null`;
  await sql`update api_tokens set prefix = 'or_api_Example'`;
  await sql.unsafe(`
    create function keep() returns trigger language plpgsql as 'begin return old; end';
    create trigger keep before update on sessions for each row execute function keep();`);
}
