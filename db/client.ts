import "server-only";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import type postgres from "postgres";
import { env } from "@/lib/base/env";
import { readAddress } from "./address/read-address";
import { guardAgainstHanging } from "./hang-guard";
import { openPool } from "./open-pool";

type Sql = postgres.Sql<{ bigint: number }>;
/** `sql` and `db` speak through the pool and watch it. */
type Client = { pool: Sql; sql: Sql; db: PostgresJsDatabase };

/** Next bundles a module several times; the pool must exist once a process, so it hangs on the global object. */
const holder = globalThis as typeof globalThis & { __databaseClient?: Client };

/** Between two tries to connect while queries wait. */
const RECONNECT_SECONDS = 0.02;

/** No query of ours takes this long; one that does must not hold its connection for ever. */
const STATEMENT_MS = 60_000;

function connect(): Client {
  const { DATABASE_URL, DATABASE_POOL } = env();
  const pool = openPool(DATABASE_URL, {
    max: DATABASE_POOL,
    // A database that is away is told of at once, each time: who waits in line for a connection must not wait for a back-off too.
    backoff: () => RECONNECT_SECONDS,
    idleSeconds: 300,
    settings: { statement_timeout: STATEMENT_MS, idle_in_transaction_session_timeout: STATEMENT_MS },
  });
  const sql = guardAgainstHanging(pool, readAddress(DATABASE_URL).hosts, () => abandon(pool));
  return { pool, sql, db: drizzle(sql) };
}

/** Gives a pool up whose database hangs: everybody who waits is told at once, and the next use tries a new one. */
function abandon(pool: Sql): void {
  if (holder.__databaseClient?.pool === pool) holder.__databaseClient = undefined;
  void pool.end({ timeout: 0 });
}

function client(): Client {
  holder.__databaseClient ??= connect();
  return holder.__databaseClient;
}

/** Drizzle, for everything that reads well in it. */
export const db = (): PostgresJsDatabase => client().db;

/**
 * postgres.js, for statements that are SQL at heart. Timestamps arrive as text, numeric as text, bigint as number. Drizzle took over the
 * serializers of times, JSON and arrays of times or numeric, so these are handed over as text with a cast (`::jsonb`, `::text[]::numeric[]`).
 */
export const sql = (): Sql => client().sql;

export type Database = PostgresJsDatabase | Parameters<Parameters<PostgresJsDatabase["transaction"]>[0]>[0];

/** Closes the pool; the next use opens a new one. */
export async function closeDatabase(): Promise<void> {
  const open = holder.__databaseClient;
  holder.__databaseClient = undefined;
  await open?.pool.end({ timeout: 5 });
}
