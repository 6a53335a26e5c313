import postgres from "postgres";
import { EmbeddedError, InUseError } from "./embedded-error";
import type { EmbeddedServer } from "./server";

/** Any constant that is not locked for something else. */
const INSTANCE_LOCK = 4_711_002;

export const DATABASE_NAME = "monitor";

export type InstanceLock = { release(): Promise<void> };

/**
 * Makes the caller the one live instance on this DATA_DIR: a lock of a connection, so it falls with the process however
 * that ends. Throws InUseError when another instance holds it. `onLost` hears that the connection broke.
 */
export async function lockInstance(server: EmbeddedServer, onLost: () => void): Promise<InstanceLock> {
  let held = false;
  const sql = postgres(server.urlOf("postgres"), {
    max: 1,
    max_lifetime: null,
    connect_timeout: 10,
    onnotice: () => {},
    connection: { application_name: "launcher" },
    onclose: () => {
      if (held) onLost();
      held = false;
    },
  });
  const { dataDir } = server.installation;
  try {
    const [row] = await sql`select pg_try_advisory_lock(${INSTANCE_LOCK}) as free`;
    if (!row?.free) throw new InUseError(`DATA_DIR ${dataDir} is in use by another running instance`);
    const known = await sql`select from pg_database where datname = ${DATABASE_NAME}`;
    if (known.length === 0) await sql`create database ${sql(DATABASE_NAME)}`;
  } catch (error) {
    await sql.end({ timeout: 1 });
    if (error instanceof EmbeddedError) throw error;
    throw new EmbeddedError(
      `The embedded PostgreSQL in ${dataDir} refuses its connection: ${(error as Error).message}`,
    );
  }
  held = true;
  return {
    release: async () => {
      held = false;
      await sql.end({ timeout: 1 });
    },
  };
}
