import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { EmbeddedError, InUseError } from "./embedded-error";
import type { EmbeddedServer } from "./server";

/** Any constant that is not locked for something else. */
const INSTANCE_LOCK = 4_711_002;

const PATIENCE_MS = 2000;

export type InstanceLock = { release(): Promise<void> };

/** A lock whose holder was killed is let go as soon as the server notices, which takes a moment on a busy machine. */
async function takeLock(sql: postgres.Sql): Promise<boolean> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const [row] = await sql`select pg_try_advisory_lock(${INSTANCE_LOCK}) as taken`;
    if (row?.taken || Date.now() > until) return Boolean(row?.taken);
    await pause(100);
  }
}

/**
 * Makes the caller the one live instance on this DATA_DIR: a lock of a connection, so it falls with the process however
 * that ends. Throws InUseError when another instance holds it. `onLost` hears that the connection broke.
 */
export async function lockInstance(server: EmbeddedServer, onLost: () => void): Promise<InstanceLock> {
  let held = false;
  const sql = postgres(server.urlOf("postgres", "monitor_owner"), {
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
    if (!(await takeLock(sql))) throw new InUseError(`DATA_DIR ${dataDir} is in use by another running instance`);
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
