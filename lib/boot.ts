import "server-only";
import { readAddress } from "@/db/address/read-address";
import { checkDatabase, checkRights } from "@/db/check/check-database";
import { migrateDatabase } from "@/db/migrate";
import { EnvError, env } from "./base/env";
import { log } from "./base/log";
import { maskKeys } from "./base/mask";
import { prepareRequests } from "./http/incoming";
import { drainOnSignals } from "./jobs/drain";
import { startSchedule } from "./jobs/schedule";
import { checkCanary } from "./keys/encryption-canary";
import { refreshStaleModels } from "./models/refresh";
import { checkInngest } from "./queue/inngest-client";

/** Makes the process ready: variables checked, schema migrated, encryption key proven, schedule running. */
export async function boot(): Promise<void> {
  exitWithParent();
  maskConsole();
  try {
    prepareRequests();
    checkInngest();
    const endTelemetry = await traceRequests();
    await prepareDatabase(env().DATABASE_URL);
    await checkCanary();
    startSchedule();
    void refreshStaleModels();
    drainOnSignals(endTelemetry);
  } catch (error) {
    refuseToStart(error);
  }
}

/**
 * Says what of DATABASE_URL does not count, refuses a database that we could not work with, and brings it to this
 * version's level.
 */
async function prepareDatabase(databaseUrl: string): Promise<void> {
  for (const line of readAddress(databaseUrl).ignored) log().warn(line);
  await checkDatabase(databaseUrl);
  await migrateDatabase(databaseUrl);
  for (const line of await checkRights(databaseUrl)) log().warn(line);
}

/** Loaded only where somebody collects: nobody else pays for it. */
async function traceRequests(): Promise<() => Promise<void>> {
  const endpoint = env().OTEL_EXPORTER_OTLP_ENDPOINT;
  return endpoint ? (await import("./base/telemetry")).startTelemetry(endpoint) : async () => {};
}

/** What Next itself and its libraries write when something fails passes no logger of ours. */
function maskConsole(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (chunk: unknown, ...more: unknown[]) => boolean;
    stream.write = (chunk: unknown, ...more: unknown[]) =>
      write(typeof chunk === "string" ? maskKeys(chunk) : chunk, ...more);
  }
}

/** The launcher holds an IPC channel open: when it is killed hard, this process must not go on alone and keep the port. */
function exitWithParent(): void {
  if (process.channel) {
    process.once("disconnect", () => process.exit(0));
    process.channel.unref();
  }
}

function refuseToStart(error: unknown): never {
  const line = error instanceof Error ? error.message : String(error);
  if (error instanceof EnvError) process.stderr.write(`openrouter-monitor: ${line}\n`);
  else log().fatal({ err: error }, line);
  process.exit(1);
}
