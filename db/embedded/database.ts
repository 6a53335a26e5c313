import { InUseError } from "./embedded-error";
import { type InstanceLock, lockInstance } from "./instance-lock";
import { migrateEmbedded } from "./migrate-embedded";
import { DATABASE_NAME } from "./roles";
import { readSecrets } from "./secrets";
import { type EmbeddedServer, startServer } from "./server";

/** `url`: for the application, whose role can work with the tables and not change them. */
export type EmbeddedDatabase = { url: string; close(): Promise<void> };

/**
 * Opens the database of a DATA_DIR for this process alone, until it is closed or the process ends. A server that dies
 * is started again at its port; `onLost` hears of it when that fails, or when another instance took the lock.
 */
export async function openDatabase(dataDir: string, onLost: (error: Error) => void): Promise<EmbeddedDatabase> {
  const { DATABASE_PASSWORD: password } = await readSecrets(dataDir);
  let server: EmbeddedServer = await startServer({ dataDir, password });
  let lock: InstanceLock | undefined;
  let closing = false;
  let recovery: Promise<void> = Promise.resolve();

  const recover = async () => {
    if (closing) return;
    server = await startServer({ dataDir, password, port: server.port });
    lock = await lockInstance(server, lost);
  };
  const lost = () => {
    recovery = recover().catch((error) => onLost(error));
  };

  try {
    lock = await lockInstance(server, lost);
    await migrateEmbedded(server);
  } catch (error) {
    closing = true;
    if (!(error instanceof InUseError)) await server.stop();
    await lock?.release();
    throw error;
  }
  return {
    url: server.urlOf(DATABASE_NAME, "monitor"),
    close: async () => {
      closing = true;
      await recovery;
      await server.stop();
      await lock?.release();
    },
  };
}

/**
 * For commands beside the application, as the owner of the tables: the database of a DATA_DIR as it runs, or started
 * for as long as `use` takes.
 */
export async function withDatabase<T>(dataDir: string, use: (url: string) => Promise<T>): Promise<T> {
  const { DATABASE_PASSWORD: password } = await readSecrets(dataDir);
  const server = await startServer({ dataDir, password });
  const alone = await lockInstance(server, () => {}).catch(() => undefined);
  try {
    return await use(server.urlOf(DATABASE_NAME, "monitor_owner"));
  } finally {
    if (alone) await server.stop();
    await alone?.release();
  }
}
