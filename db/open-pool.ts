import postgres from "postgres";
import { readAddress } from "./address/read-address";
import { APPLICATION } from "./application";
import { sessionSettings } from "./session-settings";
import { loginOf, openSockets } from "./sockets";

type Options = {
  max: number;
  /** Under which name the connections show in pg_stat_activity. */
  name?: string;
  /** More settings of the session; a pooler does not get them. */
  settings?: Record<string, string | number>;
  idleSeconds?: number;
  backoff?: () => number;
};

/** Counts are bigint in the database and far below 2^53 in life. */
const COUNTS = { bigint: { to: 20, from: [20], parse: Number, serialize: String } };

/**
 * Connections to what DATABASE_URL names, opened when they are needed. Throws EnvError for an address that cannot be
 * used.
 */
export function openPool(databaseUrl: string, { max, name, settings, idleSeconds, backoff }: Options) {
  const address = readAddress(databaseUrl);
  const options = {
    ...loginOf(address),
    socket: openSockets(address),
    max,
    connect_timeout: address.connectSeconds,
    prepare: !address.isPooled,
    connection: { ...(!address.isPooled && settings), ...sessionSettings(address, name ?? APPLICATION) },
    onnotice: () => {},
    types: COUNTS,
    ...(idleSeconds !== undefined && { idle_timeout: idleSeconds }),
    ...(backoff && { backoff }),
  };
  // postgres.js's types know neither several hosts nor its option `socket`.
  return postgres(options as object as postgres.Options<{ bigint: postgres.PostgresType<number> }>);
}

/** Runs `use` on one connection of its own, without the limits on time that requests live under. */
export async function withConnection<T>(
  databaseUrl: string,
  name: string,
  use: (sql: postgres.Sql) => Promise<T>,
): Promise<T> {
  const sql = openPool(databaseUrl, { max: 1, name });
  try {
    return await use(sql as unknown as postgres.Sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
